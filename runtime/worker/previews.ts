import { ConnectError } from '../../api/index.ts'
import type { Preview, PreviewRequest } from '../preview/index.ts'
import { within } from '../timing/index.ts'
import type { ProcessPool } from './processes/pool.ts'

/** Each preview is a process: more at a time would be a burden for the tasks. */
const MAX_PREVIEWS = 2
/** For what stops reading when its time is over, but not at once. */
const GRACE_MS = 2000

const LATE = Symbol('late')

/**
 * Runs previews, each in a process of its own that is ended when it takes too long: their code is untried.
 *
 * What is returned throws `HR_RETRIABLE` when enough of them are under way, and `HR_REQUEST_TIMEOUT`.
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
        run.catch(() => {}) // a late failure is that of the process, which is ended
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
