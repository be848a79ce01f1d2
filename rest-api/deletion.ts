import { setTimeout as sleep } from 'node:timers/promises'
import { ConnectError, isConnectError } from '../api/index.ts'
import type { Herder } from '../runtime/index.ts'
import { inTime } from './answers.ts'
import { settled } from './waiting.ts'

const STOP_TIMEOUT_MS = 60_000
const POLL_MS = 200
/** What is said while members of a sink's group are still leaving. */
const LEAVING = /haven't stopped completely/

/**
 * Stops a connector, takes its offsets away and deletes it, so that one of the same name begins anew.
 *
 * Throws `HR_REQUEST_TIMEOUT` when it does not stop; it is stopped later then, and still there.
 */
export async function deleteWithOffsets(herder: Herder, name: string): Promise<void> {
  await inTime(herder, herder.setTargetState(name, 'STOPPED'))
  const end = Date.now() + STOP_TIMEOUT_MS
  while (settled(herder, name, 0) !== 'reached') {
    if (Date.now() > end) {
      const message = `Connector ${name} does not stop, so that its offsets cannot be reset; it is not deleted`
      throw new ConnectError('HR_REQUEST_TIMEOUT', message)
    }
    await sleep(POLL_MS)
  }
  await resetPatiently(herder, name, end)
  await inTime(herder, herder.delete(name))
}

async function resetPatiently(herder: Herder, name: string, end: number): Promise<void> {
  for (;;) {
    try {
      await inTime(herder, herder.changeOffsets(name, null))
      return
    } catch (error) {
      if (!isConnectError(error) || !LEAVING.test(error.message) || Date.now() > end) throw error
    }
    await sleep(POLL_MS)
  }
}
