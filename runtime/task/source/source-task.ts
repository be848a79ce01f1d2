import type { SourceRecord, SourceTask } from '../../../api/index.ts'
import { ConversionInterrupted } from '../../errors/index.ts'
import { ConverterWaits, type Wait } from '../../pipeline/index.ts'
import { abortReason, yieldEvery } from '../../timing/index.ts'
import { closeTask } from '../closing.ts'
import type { TaskControl } from '../stop.ts'
import type { TaskEvents } from '../ports.ts'
import { AtLeastOnce } from './at-least-once.ts'
import { ExactlyOnce } from './exactly-once/exactly-once.ts'
import { explained } from './polled-records.ts'
import { Poller } from './poller.ts'
import type { RecordCommits } from './record-commits.ts'
import type { SourceRun, SourceTaskParts } from './source-run.ts'

/** How long a failed task waits for the poll in progress to honor its signal. */
const POLL_GRACE_MS = 5000
/** Maximum time that a task whose polls never wait may block its process. */
const LONGEST_RUN_MS = 10

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
  if (control.paused) {
    events.paused()
    await control.whilePaused()
  }
  if (control.stopping) return
  await parts.startOffsets()
  if (control.stopping) return
  const task = await parts.calls.run(() => parts.open())
  try {
    events.running()
    await runLoop(task, parts, control, events)
  } finally {
    await closeTask(task, parts)
  }
}

async function runLoop(
  task: SourceTask,
  parts: SourceTaskParts,
  control: TaskControl,
  events: TaskEvents,
): Promise<void> {
  const { hard } = control.stop
  const poller = new Poller(task, parts)
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
  const waits = new ConverterWaits((until) => loop.wait(until), parts.outages)
  const run = { task, parts, poller, waits, hard, ended: ended.signal, end }
  const commits =
    parts.transactions === undefined ? new AtLeastOnce(run) : new ExactlyOnce(run, parts.transactions)
  const loop = new SourceLoop(run, commits, control, events)
  if (control.ending.aborted) end(abortReason(control.ending))
  commits.start()
  let stopped = false
  try {
    await loop.pollAndSend()
    stopped = control.failure === undefined && commits.failure === undefined
  } finally {
    end(new Error('the task ends'))
    await commits.finish(stopped)
  }
  control.throwFailure()
  if (!control.stopping && commits.failure !== undefined) throw commits.explained(commits.failure)
}

/** Polls a task and passes its records on, until the task is stopped or fails. */
class SourceLoop {
  readonly #run: SourceRun
  readonly #commits: RecordCommits
  readonly #control: TaskControl
  readonly #events: TaskEvents

  constructor(run: SourceRun, commits: RecordCommits, control: TaskControl, events: TaskEvents) {
    this.#run = run
    this.#commits = commits
    this.#control = control
    this.#events = events
  }

  async pollAndSend(): Promise<void> {
    const { poller, hard } = this.#run
    const { lease } = this.#run.parts
    const commits = this.#commits
    const control = this.#control
    const yieldNowAndThen = yieldEvery(LONGEST_RUN_MS)
    for (;;) {
      await yieldNowAndThen()
      if (this.#failed) {
        await poller.last(hard, POLL_GRACE_MS)
        return
      }
      if (control.stopping) {
        const last = await poller.last(hard)
        // While paused, no records are delivered: these are polled again after the next start
        if (last !== undefined && !control.paused && !this.#failed) await this.#send(last)
        return
      }
      if (control.paused) {
        await this.#rest()
        continue
      }
      if (!lease.held) {
        await poller.wait((signal) => lease.whenHeld(signal))
        continue
      }
      if (await commits.hadToWait()) continue
      if (commits.dueInMs <= 0) await commits.commitDue()
      const records = await poller.next(commits.dueInMs)
      if (records === undefined) {
        if (!poller.polling) await commits.polledNothing()
        continue
      }
      if (control.paused) poller.giveBack(records)
      else await this.#send(records)
    }
  }

  /** Waits unless the task is paused: it then rests until it is resumed. Gives up when the task ends. */
  async wait(until: Parameters<Wait>[0]): Promise<void> {
    const { poller, ended } = this.#run
    if (!this.#control.paused && !ended.aborted) await poller.wait(until)
    if (this.#control.paused && !ended.aborted) await this.#rest()
    if (ended.aborted) throw new ConversionInterrupted()
  }

  get #failed(): boolean {
    return this.#commits.failure !== undefined || this.#control.failure !== undefined
  }

  async #send(records: readonly SourceRecord[]): Promise<void> {
    const { ended, waits } = this.#run
    try {
      await this.#commits.send(records)
    } catch (error) {
      if (!ended.aborted) throw explained(records, error)
      waits.forget()
    }
  }

  /** Waits without polling while the task is paused. Ends on a resume, and when the task is stopped or fails. */
  async #rest(): Promise<void> {
    const { ended } = this.#run
    await this.#commits.paused()
    this.#events.paused()
    while (this.#control.paused && !ended.aborted) {
      await this.#control.whilePaused(ended, this.#commits.dueInMs)
      if (!ended.aborted) await this.#commits.commitDue()
    }
    if (!ended.aborted) this.#events.running()
  }
}
