import { ConnectError, type SourceOffset, type SourcePartition } from '../../api/index.ts'

/**
 * Validates the offsets of an alter or reset request. A null offset is valid for any partition.
 *
 * Throws `HR_CONNECT`. Source: FileStreamSourceConnector.alterOffsets.
 */
export function checkFileOffsets(
  file: string | undefined,
  offsets: readonly (readonly [SourcePartition | null, SourceOffset | null])[],
): boolean {
  if (file === undefined) {
    const reason = 'This is because stdin is used for input and offsets are not tracked.'
    throw refused(`Offsets cannot be modified if the 'file' configuration is unspecified. ${reason}`)
  }
  for (const [partition, offset] of offsets) {
    if (offset === null) continue
    checkPosition(offset)
    if (partition === null) throw refused('Partition objects cannot be null')
    if (!Object.hasOwn(partition, 'filename'))
      throw refused("Partition objects should contain the key 'filename'")
  }
  return true
}

function checkPosition(offset: SourceOffset): void {
  if (!Object.hasOwn(offset, 'position')) {
    throw refused("Offset objects should either be null or contain the key 'position'")
  }
  const position: unknown = offset['position']
  const whole = typeof position === 'bigint' || Number.isSafeInteger(position)
  if (!whole) throw refused("The value for the 'position' key in the offset is expected to be a Long value")
  if (Number(position) < 0) {
    throw refused("The value for the 'position' key in the offset should be a non-negative value")
  }
}

function refused(message: string): ConnectError {
  return new ConnectError('HR_CONNECT', message)
}
