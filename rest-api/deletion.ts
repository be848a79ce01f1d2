import { ConnectError } from '../api/index.ts'
import type { Herder } from '../runtime/index.ts'
import { inTime } from './answers.ts'
import { reached } from './waiting.ts'

const STOP_TIMEOUT_MS = 60_000

/**
 * Stops a connector, resets its offsets and deletes it. A new connector with the same name starts from the beginning.
 *
 * Throws `HR_REQUEST_TIMEOUT` when the connector does not stop in time. It then stops later and is not deleted.
 */
export async function deleteWithOffsets(herder: Herder, name: string): Promise<void> {
  await inTime(herder, herder.setTargetState(name, 'STOPPED'))
  const stopped = reached('STOPPED')
  if (!(await herder.until(() => stopped(herder, name, 0) === 'reached', STOP_TIMEOUT_MS))) {
    const message = `Connector ${name} did not stop in time; its offsets were not reset and it was not deleted`
    throw new ConnectError('HR_REQUEST_TIMEOUT', message)
  }
  await inTime(herder, herder.changeOffsets(name, null))
  await inTime(herder, herder.delete(name))
}
