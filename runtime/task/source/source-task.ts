import {
  type ConnectError,
  isRetriable,
  messageOf,
  type Delivery,
  type Logger,
  type SourceRecord,
  type SourceTask,
} from '../../../api/index.ts'
import type { ErrorHandler } from '../../errors/index.ts'
import { sleep, yieldEvery } from '../../timing/index.ts'
import { closeTask } from '../closing.ts'
import { noteBatch } from '../metrics.ts'
import { OffsetCommitter, type StoreOffsets } from './offset-committer.ts'
import { OffsetLedger } from './offset-ledger.ts'
import { sendFailed } from './refusals.ts'
import { SourceSender, type SourceSenderParts } from './source-sender.ts'
import type { TaskControl } from '../stop.ts'
import type { CommitSettings, PluginCalls, TaskEvents } from '../ports.ts'

const EMPTY_POLL_WAIT_MS = 100
/** A task whose polls never wait leaves the rest of its process waiting for no longer than this. */
const LONGEST_RUN_MS = 10

export interface SourceTaskParts extends SourceSenderParts {
  /** Makes stored offsets readable; called before the task is opened. */
  startOffsets(): Promise<void>
  /** Opens the connector's task; called when the task is first to run. */
  open(): Promise<SourceTask>
  readonly className: string
  readonly calls: PluginCalls
  readonly store: StoreOffsets
  readonly settings: CommitSettings
  readonly log: Logger
}

/**
 * The whole life of a source task. Returns on a clean stop; throws what made it fail.
 *
 * Source: WorkerSourceTask, AbstractWorkerSourceTask.
 */
export async function runSourceTask(
  parts: SourceTaskParts,
  control: TaskControl,
  events: TaskEvents,
): Promise<void> {
  await rest(control, events)
  if (control.stopping) return
  await parts.startOffsets()
  const task = await parts.calls.run(() => parts.open())
  try {
    events.running()
    await runLoop(task, parts, control, events)
  } finally {
    await closeTask(task, parts)
  }
}

/** While paused, nothing is polled. */
async function rest(control: TaskControl, events: TaskEvents): Promise<void> {
  if (!control.paused) return
  events.paused()
  await control.whileResting()
}

async function runLoop(
  task: SourceTask,
  parts: SourceTaskParts,
  control: TaskControl,
  events: TaskEvents,
): Promise<void> {
  const { soft, hard } = control.stop
  const ledger = new OffsetLedger({
    refused: (record, error) => refused(parts.handler, record, error),
    written: (count) => {
      parts.metrics.recordsOut += count
      parts.metrics.lastProgressAt = Date.now()
    },
    ...(task.delivered === undefined ? {} : { delivered: (deliveries) => tell(task, parts, deliveries) }),
  })
  const committed = async () => parts.calls.run(async () => task.committed?.())
  const committer = new OffsetCommitter(
    ledger,
    parts.store,
    parts.settings,
    parts.metrics,
    committed,
    parts.log,
  )
  const ended = new AbortController()
  const committing = committer.run(ended.signal)
  try {
    await pollAndSend(task, parts, ledger, control, events)
  } finally {
    ended.abort()
    await committing
    // Invariant 1: what is in flight gets its chance, then only what is acknowledged is stored
    if (!hard.aborted) {
      await ledger.drained(parts.settings.flushTimeoutMs, hard)
      if (!hard.aborted) await committer.commit()
    }
  }
  if (!soft.aborted && ledger.failure !== undefined) throw unrecoverable(parts.handler, ledger.failure)
}

async function pollAndSend(
  task: SourceTask,
  parts: SourceTaskParts,
  ledger: OffsetLedger,
  control: TaskControl,
  events: TaskEvents,
): Promise<void> {
  const { soft } = control.stop
  const sender = new SourceSender(parts)
  const yieldNowAndThen = yieldEvery(LONGEST_RUN_MS)
  for (;;) {
    await yieldNowAndThen()
    if (control.stopping) return
    if (control.paused) {
      await rest(control, events)
      if (!control.stopping) events.running()
      continue
    }
    if (ledger.failure !== undefined) throw unrecoverable(parts.handler, ledger.failure)
    const records = await poll(task, parts, soft)
    if (records.length === 0) {
      await sleep(EMPTY_POLL_WAIT_MS, soft)
      continue
    }
    try {
      await sender.send(records, ledger.open(records), soft)
    } catch (error) {
      if (!soft.aborted) throw error
    }
  }
}

async function poll(task: SourceTask, { calls, metrics, log }: SourceTaskParts, signal: AbortSignal) {
  const startedAt = Date.now()
  try {
    const records = await calls.run(() => task.poll(signal))
    metrics.recordsIn += records.length
    if (records.length > 0) noteBatch(metrics, records.length, Date.now() - startedAt)
    return records
  } catch (error) {
    if (signal.aborted) return []
    if (!isRetriable(error)) throw error
    log.warn('polling failed and is tried again', { reason: messageOf(error) })
    return []
  }
}

/** Reports a record that Kafka refused, where it may be skipped. Source: WorkerSourceTask.producerSendFailed. */
function refused(
  handler: ErrorHandler,
  record: SourceRecord,
  error: ConnectError,
): Promise<void> | undefined {
  if (!handler.tolerates) return undefined
  const executingClass = 'org.apache.kafka.connect.runtime.WorkerSourceTask'
  return handler.report({ stage: 'KAFKA_PRODUCE', executingClass, error, record })
}

function tell(task: SourceTask, { calls, log }: SourceTaskParts, deliveries: readonly Delivery[]): void {
  void calls
    .run(async () => task.delivered?.(deliveries))
    .catch((error: unknown) => {
      log.error('the task failed on being told of deliveries', { reason: messageOf(error), err: error })
    })
}

/** A report that was lost ends the task as itself, a record that Kafka refused as in Kafka Connect. */
function unrecoverable(handler: ErrorHandler, cause: ConnectError): ConnectError {
  handler.check()
  return sendFailed(cause)
}
