import type { ErrantRecordReporter, PartitionOffset, SinkRecord, SinkTask } from '../../../../api/index.ts'
import { sinkTaskContext } from '../../../../testing/index.ts'
import type { SinkPlan } from '../../ports.ts'
import { openSinkTask, type SinkTaskParts } from '../task.ts'
import type { FakeBucket } from './fake-bucket.ts'
import { TOPIC } from './plans.ts'

export interface SimulationInit extends Partial<
  Pick<SinkTaskParts, 'maxHeldBytes' | 'abortLeftovers' | 'now'>
> {
  readonly bucket: FakeBucket
  readonly plan: SinkPlan
  /** Records of the partition, in order. More can be added. */
  readonly log?: SinkRecord[]
  /** The committed offset to start from. */
  readonly from?: number
  readonly dlq?: SinkRecord[]
  readonly beforeStore?: () => void | Promise<void>
}

/** A task of one partition, and the worker that feeds it, which does what the real one does between two batches. */
export class Simulation {
  readonly task: SinkTask
  readonly log: SinkRecord[]
  readonly lines: { message: string; fields: unknown }[] = []
  /** The offset committed last. */
  committed: number
  readonly #context
  #position: number
  #started = false

  constructor({ bucket, plan, log = [], from = 0, dlq, beforeStore, ...options }: SimulationInit) {
    this.log = log
    this.#position = this.committed = from
    const errantRecords: ErrantRecordReporter | null =
      dlq === undefined ? null : { report: async (record) => void dlq.push(record) }
    const warn = (message: string, fields?: unknown) => void this.lines.push({ message, fields })
    this.#context = sinkTaskContext({
      assignment: [this.id],
      errantRecords,
      log: { error: warn, warn, info: warn, debug: () => {}, trace: () => {} },
    })
    const parts = { maxHeldBytes: 1e6, abortLeftovers: null, ...options }
    this.task = openSinkTask({
      plan,
      objects: bucket.writer(beforeStore),
      context: this.#context.context,
      ...parts,
    })
  }

  get id() {
    return { topic: TOPIC, partition: 0 }
  }

  get worker() {
    return this.#context.worker
  }

  get requests() {
    return this.#context.requests
  }

  /** Whether the task has paused the partition. */
  get paused(): boolean {
    return this.requests.paused.length > 0
  }

  get metrics(): ReadonlyMap<string, number> {
    return this.worker.metrics
  }

  /** Puts the next records, at most `size`. */
  async put(size = Infinity): Promise<void> {
    if (!this.#started) await this.task.open?.([this.id])
    this.#started = true
    this.#seek()
    const batch = this.paused ? [] : this.log.filter(({ offset }) => offset >= this.#position).slice(0, size)
    const last = batch.at(-1)
    if (last !== undefined) this.#position = last.offset + 1
    this.requests.putWithinMs = undefined
    await this.task.put(batch, this.#context.context.signal)
  }

  /** Commits what the task declares safe. */
  async commit(): Promise<number> {
    const position: PartitionOffset = { ...this.id, offset: this.#position }
    const [safe] = (await this.task.preCommit?.([position])) ?? []
    if (safe !== undefined) this.committed = safe.offset
    return this.committed
  }

  /** Puts all records, waits until everything closed is stored, and commits. */
  async run(size = Infinity): Promise<number> {
    for (;;) {
      await this.put(size)
      await this.stored()
      if (this.worker.failures.length > 0) throw this.worker.failures[0]
      const end = this.log.at(-1)?.offset ?? -1
      if (this.requests.seeks.length === 0 && !this.paused && this.#position > end) return this.commit()
    }
  }

  /** Resolves when no closed objects are left. */
  async stored(): Promise<void> {
    for (;;) {
      await new Promise(setImmediate)
      await this.task.put([], this.#context.context.signal)
      if ((this.metrics.get('closed_objects') ?? 0) === 0) return
    }
  }

  async close(): Promise<void> {
    await this.task.closePartitions?.([this.id])
    await this.task.close?.()
    this.worker.closed()
  }

  #seek(): void {
    for (const { offset } of this.requests.seeks.splice(0)) this.#position = offset
  }
}
