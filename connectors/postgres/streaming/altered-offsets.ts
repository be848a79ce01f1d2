import { ConnectError, type SourceOffset, type SourcePartition, type TaskProps } from '../../../api/index.ts'
import { confirmableLsn, neededLsn, offsetState, positionOf } from './position.ts'

/** What a null in place of the offsets means. */
const DELETING =
  'To delete the offsets, use DELETE /connectors/{connector}/offsets; the next start takes a new snapshot as snapshot.mode says.'

/**
 * Validates offsets that a user wants to store. Returns true: nothing else has to be done. The slot is not moved: changes before its
 * position stay unavailable, which `headrace doctor` reports. A connector without offsets takes a new snapshot. Throws HR_CONNECT.
 *
 * Source: SourceConnector.alterOffsets.
 */
export function validateOffsets(
  props: TaskProps,
  offsets: readonly (readonly [SourcePartition | null, SourceOffset | null])[],
): boolean {
  const server = (props['topic.prefix'] ?? '').trim()
  for (const [partition, offset] of offsets) {
    // offsets of a former topic.prefix may be deleted
    if (offset === null) continue
    if (partition === null || partition['server'] !== server || Object.keys(partition).length !== 1) {
      throw invalid(
        `expected the partition {"server":${JSON.stringify(server)}}, which is the topic.prefix, found ${JSON.stringify(partition)}`,
      )
    }
    validate(offset)
  }
  return true
}

function validate(offset: SourceOffset): void {
  positionOf(offset)
  confirmableLsn(offset)
  if (neededLsn(offset) === null && offsetState(offset) !== 'snapshot unfinished') {
    throw invalid(
      `expected the key lsn with a position in the WAL as an integer, found ${Object.keys(offset).join(', ') || 'no keys'}. ${DELETING}`,
    )
  }
}

const invalid = (text: string): ConnectError =>
  new ConnectError('HR_CONNECT', `The offset cannot be stored: ${text}`)
