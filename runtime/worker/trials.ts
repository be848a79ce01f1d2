import { ConnectError, isConnectError, type Finding, type Props } from '../../api/index.ts'
import { within } from '../timing/index.ts'
import type { Remote } from './channel.ts'
import { diagnoseFailed, GRACE_MS } from './host/diagnosis/checked-findings.ts'
import type { Preview, PreviewRequest } from './host/preview/protocol.ts'
import type { ProcessPool } from './processes/pool.ts'
import { isProcessLoss } from './processes/task-process.ts'
import type { DiagnosisRequest, InspectorMethods } from './protocol.ts'

/** Maximum number of concurrent trials of a kind: each one is a process that competes with the tasks. */
const MAX_TRIALS = 2
const DIAGNOSIS_MS = 30_000
/** Time for the response after the grace period, in which the task process gives up `diagnose`. */
const RESPONSE_MS = 1000
/** Timeout of the worker's own part of a diagnosis, which waits for Kafka. */
const WORKER_PART_MS = 15_000
const DELETION_MS = 30_000

const LATE = Symbol('late')

/** Calls that run untested code once: each in its own process, which is ended on a timeout. */
export interface Trials {
  /** Throws `HR_RETRIABLE` when too many previews are running, and `HR_REQUEST_TIMEOUT`. */
  preview(request: PreviewRequest): Promise<Preview>
  /**
   * If the connector's part ends its process or does not return, returns the findings of the worker and one about the
   * failure. Throws the same errors as {@link preview}, and `HR_TASK_PROCESS_LOST`, when the worker's part fails too or
   * the process ends before it has loaded.
   */
  diagnose(request: DiagnosisRequest): Promise<readonly Finding[]>
  /** Waits while too many deletions are handled. Throws `HR_REQUEST_TIMEOUT`, and the error of the connector. */
  connectorDeleted(name: string, props: Props): Promise<void>
}

export function createTrials(pool: ProcessPool): Trials {
  const run = <T>(
    what: string,
    connector: string | null | undefined,
    timeoutMs: number,
    call: (remote: Remote<InspectorMethods>) => Promise<T>,
  ): Promise<T> =>
    pool.alone(`${what} of the connector ${connector ?? 'without a name'}`, async (process) => {
      await process.ready
      const called = call(process.remote)
      called.catch(() => {}) // rejects when the process is killed after a timeout
      const result = await within(timeoutMs + GRACE_MS, called, () => LATE)
      if (result !== LATE) return result as T
      throw new ConnectError('HR_REQUEST_TIMEOUT', `The ${what} took longer than ${timeoutMs} ms`)
    })
  const previews = refusing('previews')
  const diagnoses = refusing('diagnoses')
  const deletions = queueing()
  return {
    preview: (request) =>
      previews(() =>
        run('preview', request.config['name'], request.timeoutMs, (remote) => remote.preview(request)),
      ),
    diagnose: (request) =>
      diagnoses(async () => {
        let loaded = false
        try {
          return await run('diagnosis', request.config['name'], DIAGNOSIS_MS + RESPONSE_MS, (remote) => {
            loaded = true
            return remote.diagnose(request, DIAGNOSIS_MS, 'all')
          })
        } catch (error) {
          const failure = loaded ? connectorPartFailed(error) : lost(error)
          const found = await run('diagnosis', request.config['name'], WORKER_PART_MS, (remote) =>
            remote.diagnose(request, WORKER_PART_MS, 'worker'),
          ).catch(lost)
          return [...found, failure]
        }
      }),
    connectorDeleted: (name, props) =>
      deletions(() =>
        run('cleanup', name, DELETION_MS, (remote) => remote.connectorDeleted(name, props, DELETION_MS)),
      ),
  }
}

type Limiter = <T>(run: () => Promise<T>) => Promise<T>

function refusing(what: string): Limiter {
  let running = 0
  return async (run) => {
    if (running >= MAX_TRIALS) {
      throw new ConnectError('HR_RETRIABLE', `${MAX_TRIALS} ${what} are already running; try again later`)
    }
    running++
    try {
      return await run()
    } finally {
      running--
    }
  }
}

function queueing(): Limiter {
  let free = MAX_TRIALS
  const waiting: (() => void)[] = []
  return async (run) => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await run()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free++
      else next()
    }
  }
}

/**
 * Returns the finding about a connector that ended the process of its diagnosis, or did not return. Throws other errors. The
 * reason of a lost process may quote output of the plugin, such as a password, so it is only logged.
 */
function connectorPartFailed(error: unknown): Finding {
  const remedy = 'See the log of the worker for the reason.'
  if (isProcessLoss(error)) return { ...diagnoseFailed('its process ended early'), remedy }
  if (!isConnectError(error) || error.code !== 'HR_REQUEST_TIMEOUT') throw error
  return diagnoseFailed(`it did not return within ${DIAGNOSIS_MS / 1000} s`)
}

/** Hides the reason as {@link connectorPartFailed} does. */
function lost(error: unknown): never {
  if (!isProcessLoss(error)) throw error
  const message =
    'The diagnosis is not complete: its process ended early. See the log of the worker for the reason'
  throw new ConnectError('HR_TASK_PROCESS_LOST', message, { cause: error })
}
