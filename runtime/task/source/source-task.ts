import type { ConnectError, Logger, SourceRecord, SourceTask } from '../../../api/index.ts'
import { ConversionInterrupted, type ErrorHandler } from '../../errors/index.ts'
import { ConverterWaits, type Wait, type WaitReports } from '../../pipeline/index.ts'
import { abortReason, yieldEvery, type Lease } from '../../timing/index.ts'
import { closeTask } from '../closing.ts'
import type { Retries } from '../context/retries.ts'
import { DeliveryHook } from './delivery-hook.ts'
import { IdleOffsets } from './idle-offsets.ts'
import { OffsetCommitter, type StoreOffsets } from './offset-committer.ts'
import { MOST_SETTLED_BEHIND, OffsetLedger } from './offset-ledger.ts'
import { explained } from './polled-records.ts'
import { Poller } from './poller.ts'
import { sendFailed } from './rejected-records.ts'
import { SourceSender, type SourceSenderParts } from './source-sender.ts'
import type { TaskControl } from '../stop.ts'
import type { CommitSettings, PluginCalls, TaskEvents } from '../ports.ts'

/** How long a failed task waits for the poll in progress to honor its signal. */
const POLL_GRACE_MS = 5000
/** Maximum time that a task whose polls never wait may block its process. */
const LONGEST_RUN_MS = 10

export interface SourceTaskParts extends SourceSenderParts {
  /** Makes stored offsets readable; called before the task is opened. */
  startOffsets(): Promise<void>
  /** Opens the connector's task; called when the task first runs. */
  open(): Promise<SourceTask>
  /** Shows long waits for converters. */
  readonly outages: WaitReports
  readonly className: string
  /** Connector and number of the task, for error messages: `c-0`. */
  readonly name: string
  readonly calls: PluginCalls
  readonly store: StoreOffsets
  readonly settings: CommitSettings
  /** Held while no other worker may have the task. */
  readonly lease: Lease
  /** Extra time for records in flight at the end, beyond `offset.flush.timeout.ms`; milliseconds. */
  readonly finalFlushMs: number
  readonly retries: Retries
  readonly log: Logger
}

/**
 * Runs a source task from start to end. Resolves on a clean stop; rejects with the error that failed it.
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

/**
 * Waits without polling while the task is paused. Ends on a resume, on a stop, and when `ended` is aborted.
 */
async function rest(control: TaskControl, events: TaskEvents, ended?: AbortSignal): Promise<void> {
  if (!control.paused) return
  events.paused()
  await control.whilePaused(ended)
}

async function runLoop(
  task: SourceTask,
  parts: SourceTaskParts,
  control: TaskControl,
  events: TaskEvents,
): Promise<void> {
  const { hard } = control.stop
  const poller = new Poller(task, parts)
  /** Aborted when no more batches may be sent. */
  const ended = new AbortController()
  const end = (reason: Error) => {
    control.end(reason)
    ended.abort(reason)
    poller.interrupt(reason)
  }
  control.onChange(() => {
    if (control.ending.aborted) end(abortReason(control.ending))
    else if (control.paused) poller.interrupt(new Error('the task is paused'))
  })
  const deliveries = deliveryHook(task, parts)
  let over = false
  // Invariant 3: records that the producer drops because its task ends are neither skipped nor reported
  const mayPassOver = () => !over && !hard.aborted && ledger.failure === undefined
  const ledger = new OffsetLedger(
    {
      written: (count) => {
        parts.metrics.recordsOut += count
        parts.metrics.lastProgressAt = Date.now()
      },
      failed: (error) => {
        parts.producer.stop(error) // no record after the rejected one is written
        end(error)
      },
      ...(parts.handler.tolerates
        ? { refused: (record, error) => (mayPassOver() ? refused(parts.handler, record, error) : undefined) }
        : {}),
      ...(deliveries === undefined ? {} : { delivered: (sent) => deliveries.add(sent) }),
    },
    parts.name,
  )
  const committer = new OffsetCommitter(ledger, task, parts, hard)
  const idle = new IdleOffsets(task, ledger, () => ledger.settled && !poller.unsent, parts)
  const loop = { parts, control, events, poller, ledger, deliveries, idle, ended: ended.signal }
  if (control.ending.aborted) end(abortReason(control.ending))
  const committing = committer.run(ended.signal, idle)
  let stopped = false
  try {
    await pollAndSend(loop)
    stopped = control.failure === undefined
  } finally {
    end(new Error('the task ends'))
    await committing
    await finish(loop, committer, stopped)
    over = true
  }
  control.throwFailure()
  if (!control.stopping && ledger.failure !== undefined) throw unrecoverable(parts.handler, ledger.failure)
}

interface SourceLoop {
  readonly parts: SourceTaskParts
  readonly control: TaskControl
  readonly events: TaskEvents
  readonly poller: Poller
  readonly ledger: OffsetLedger
  readonly deliveries: DeliveryHook | undefined
  readonly idle: IdleOffsets
  readonly ended: AbortSignal
}

async function pollAndSend(loop: SourceLoop): Promise<void> {
  const { parts, control, events, poller, ledger, ended } = loop
  const { hard } = control.stop
  const waits = new ConverterWaits(pausableWait(loop), parts.outages)
  const sender = new SourceSender(parts, waits)
  const send = async (records: readonly SourceRecord[]) => {
    try {
      const ticket = ledger.open(records)
      poller.sent()
      await sender.send(records, ticket, ended)
    } catch (error) {
      if (!ended.aborted) throw explained(records, error)
      waits.forget()
    }
  }
  const yieldNowAndThen = yieldEvery(LONGEST_RUN_MS)
  for (;;) {
    await yieldNowAndThen()
    if (ledger.failure !== undefined || control.failure !== undefined) {
      await poller.last(hard, POLL_GRACE_MS)
      return
    }
    if (control.stopping) {
      const last = await poller.last(hard)
      // While paused, no records are delivered: these are polled again after the next start
      const failed = ledger.failure !== undefined || control.failure !== undefined
      if (last !== undefined && !control.paused && !failed) await send(last)
      return
    }
    if (control.paused) {
      await rest(control, events, ended)
      if (!ended.aborted) events.running()
      continue
    }
    if (!parts.lease.held) {
      await poller.wait((signal) => parts.lease.whenHeld(signal))
      continue
    }
    if (await hadToWait(loop)) continue
    const records = await poller.next()
    if (records === undefined) continue
    if (control.paused) poller.giveBack(records)
    else await send(records)
  }
}

/** Waits unless the task is paused: it then rests until it is resumed. Gives up when the task ends. */
function pausableWait({ control, events, poller, ended }: SourceLoop): Wait {
  return async (until) => {
    if (!control.paused && !ended.aborted) await poller.wait(until)
    if (control.paused && !ended.aborted) {
      await rest(control, events, ended)
      if (!ended.aborted) events.running()
    }
    if (ended.aborted) throw new ConversionInterrupted()
  }
}

/** Back-pressure: waits while too many records await Kafka or the task's `delivered` hook. */
async function hadToWait({ parts, poller, ledger, deliveries }: SourceLoop): Promise<boolean> {
  if (ledger.full) {
    parts.log.warn(
      'polling is suspended: too many acknowledged records wait for an earlier unacknowledged one',
      {
        settledBehind: MOST_SETTLED_BEHIND,
      },
    )
    await poller.wait((signal) => ledger.room(signal))
    return true
  }
  if (deliveries?.full !== true) return false
  await poller.wait((signal) => deliveries.room(signal))
  return true
}

/**
 * Stores the committable offsets, waits for records in flight, and stores again. The task's hooks are called
 * for all records before the task is closed. `stopped`: the task has not failed.
 *
 * Invariant 1: only offsets of acknowledged records are stored. Invariant 5: a task that another worker may have drops
 * what it has not sent, and stores nothing. Source: AbstractWorkerSourceTask.execute, close.
 */
async function finish(loop: SourceLoop, committer: OffsetCommitter, stopped: boolean): Promise<void> {
  const { parts, control, ledger, deliveries, idle } = loop
  if (!parts.lease.held) {
    deliveries?.finish()
    return
  }
  const { hard } = control.stop
  const { flushTimeoutMs } = parts.settings
  const waits = ledger.failure === undefined ? [flushTimeoutMs, parts.finalFlushMs] : [flushTimeoutMs]
  if (ledger.pending > 0) await committer.commit()
  for (const [index, waitMs] of waits.entries()) {
    if (hard.aborted) break
    const drained = await drain(loop, waitMs)
    await deliveries?.caughtUp(flushTimeoutMs, hard)
    if (drained && stopped) await idle.collect()
    await committer.commit(drained || index === waits.length - 1)
    if (drained) break
  }
  deliveries?.finish()
}

async function drain({ parts, control, ledger }: SourceLoop, timeoutMs: number): Promise<boolean> {
  const late = new AbortController()
  parts.producer.flush(late.signal).catch(() => {}) // sends incomplete batches at once
  const drained = await ledger.drained(timeoutMs, control.stop.hard)
  late.abort()
  return drained
}

function deliveryHook(task: SourceTask, { calls, log }: SourceTaskParts): DeliveryHook | undefined {
  if (task.delivered === undefined) return undefined
  return new DeliveryHook((deliveries) => calls.run(async () => task.delivered?.(deliveries)), log)
}

/** Reports a record that Kafka rejected and that may be skipped. Source: WorkerSourceTask.producerSendFailed. */
function refused(handler: ErrorHandler, record: SourceRecord, error: ConnectError): Promise<void> {
  const executingClass = 'org.apache.kafka.connect.runtime.WorkerSourceTask'
  return handler.report({ stage: 'KAFKA_PRODUCE', executingClass, error, record })
}

/** Throws the error of a lost report unchanged; wraps that of a rejected record as Kafka Connect does. */
function unrecoverable(handler: ErrorHandler, cause: ConnectError): ConnectError {
  handler.check()
  return sendFailed(cause)
}
