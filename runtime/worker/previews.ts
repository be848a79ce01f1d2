import { ConnectError } from '../../api/index.ts'
import type { Preview, PreviewRequest } from './host/preview/protocol.ts'
import { within } from '../timing/index.ts'
import type { ProcessPool } from './processes/pool.ts'

/** Maximum number of concurrent previews: each one is a process that competes with the tasks. */
const MAX_PREVIEWS = 2
/** Grace period for reads that do not stop at once when the timeout expires. */
const GRACE_MS = 2000

const LATE = Symbol('late')

/**
 * Runs each preview in its own process, which is ended on a timeout, since the code is untested.
 *
 * The returned function throws `HR_RETRIABLE` when too many previews are running, and `HR_REQUEST_TIMEOUT`.
 */
export function createPreviews(pool: ProcessPool): (request: PreviewRequest) => Promise<Preview> {
  let underWay = 0
  return async (request) => {
    if (underWay >= MAX_PREVIEWS) {
      throw new ConnectError('HR_RETRIABLE', `${MAX_PREVIEWS} previews are under way; try again in a while`)
    }
    underWay++
    try {
      return await pool.alone(async (process) => {
        await process.ready
        const run = process.remote.preview(request)
        run.catch(() => {}) // rejects when the process is ended after a timeout
        const result = await within(request.timeoutMs + GRACE_MS, run, () => LATE)
        if (result !== LATE) return result as Preview
        const message = `The preview took longer than ${request.timeoutMs} ms`
        throw new ConnectError('HR_REQUEST_TIMEOUT', message)
      })
    } finally {
      underWay--
    }
  }
}
