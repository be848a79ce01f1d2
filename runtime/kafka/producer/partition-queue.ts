/** The part of a batch that its queue works with. */
export interface QueuedBatch {
  /** Position among the batches of the partition. */
  readonly order: number
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  readonly count: number
  attempts: number
  /** Sequence of the first record; undefined before the batch is first sent. */
  sequence: number | undefined
}

/** The producer id and epoch under which batches are written. */
export interface ProducerIdentity {
  readonly producerId: bigint
  readonly producerEpoch: number
}

/**
 * `flowing`: batches are sent one behind the other. `draining`: one came back, so nothing more is sent until all
 * that is in flight is settled; then everything that came back goes out again, in order. `renewing`: as draining,
 * but the broker lost track of the sequence, so a new producer id is needed first.
 */
export type QueueState = 'flowing' | 'draining' | 'renewing'

export type QueueEvent = 'came-back' | 'sequence-lost' | 'drained'

export const queueMoves: Readonly<Record<QueueState, Partial<Record<QueueEvent, QueueState>>>> = {
  flowing: { 'came-back': 'draining', 'sequence-lost': 'renewing', 'drained': 'flowing' },
  draining: { 'came-back': 'draining', 'sequence-lost': 'renewing', 'drained': 'flowing' },
  renewing: { 'came-back': 'renewing', 'sequence-lost': 'renewing', 'drained': 'flowing' },
}

const SEQUENCE_LIMIT = 2 ** 31

/**
 * The batches of one partition, from closed to settled. Keeps order and sequence numbers right through every
 * failure: a sequence is taken once, when a batch is first sent, and is only given again when it is certain that
 * the broker has not stored it.
 *
 * Invariant 4: batches of a partition are stored in the order of their records.
 * Invariant 5: each carries the producer's id and epoch, by which a broker knows one that is fenced off.
 * Source: KIP-98, KIP-360.
 */
export class PartitionQueue<B extends QueuedBatch> {
  readonly topic: string
  readonly partition: number
  /** Not to be sent before; milliseconds since the epoch. */
  notBefore = 0
  /** The batch that is being filled; the last in order. */
  #open: B | undefined
  #state: QueueState = 'flowing'
  #identity: ProducerIdentity | undefined
  #spent: ProducerIdentity | undefined
  /** The broker has stored something under the identity. */
  #known = false
  #nextSequence = 0
  #nextOrder = 0
  #waiting: B[] = []
  readonly #inFlight = new Set<B>()
  #cameBack: B[] = []
  /** The first batch that is known not to be stored: those behind it close the gap. */
  #refusedOrder: number | undefined
  #refusedSequence = 0

  constructor(topic: string, partition: number) {
    this.topic = topic
    this.partition = partition
  }

  get state(): QueueState {
    return this.#state
  }
  get identity(): ProducerIdentity | undefined {
    return this.#identity
  }
  /** The identity under which the sequence was lost last. */
  get spentIdentity(): ProducerIdentity | undefined {
    return this.#spent
  }
  /**
   * Whether one batch has to be acknowledged before the next may go out: a partition takes any sequence as the first
   * of a producer that it does not know, so a second batch could be stored before a first one that came back.
   */
  get onlyOne(): boolean {
    return this.#identity !== undefined && !this.#known
  }
  get inFlight(): number {
    return this.#inFlight.size
  }
  get open(): B | undefined {
    return this.#open
  }
  get empty(): boolean {
    const closed = this.#waiting.length + this.#inFlight.size + this.#cameBack.length
    return closed === 0 && this.#open === undefined
  }
  /** The batch that {@link take} would give. */
  get head(): B | undefined {
    return this.#state === 'flowing' ? this.#waiting[0] : undefined
  }

  /** Makes a batch the open one: it takes the next records. */
  openBatch(create: (order: number) => B): B {
    const batch = create(this.#nextOrder++)
    this.#open = batch
    return batch
  }

  /** The open batch takes no more records and waits to be sent. */
  closeBatch(): void {
    if (this.#open !== undefined) this.#waiting.push(this.#open)
    this.#open = undefined
  }

  /** A transactional producer starts over under a new epoch. Only while nothing is unsettled. */
  forgetIdentity(): void {
    this.#identity = undefined
  }

  /** From now on batches are written under this identity, from sequence 0. Only while none is in flight. */
  adopt(identity: ProducerIdentity): void {
    this.#identity = identity
    this.#known = false
    this.#nextSequence = 0
    for (const batch of this.#waiting) batch.sequence = undefined
  }

  /** The next batch to send; it counts as in flight from now on. */
  take(): B | undefined {
    const batch = this.head
    if (batch === undefined) return undefined
    this.#waiting.shift()
    this.#inFlight.add(batch)
    batch.attempts++
    if (this.#identity !== undefined && batch.sequence === undefined) {
      batch.sequence = this.#nextSequence
      this.#nextSequence = (this.#nextSequence + batch.count) % SEQUENCE_LIMIT
    }
    return batch
  }

  /** True when an earlier batch is still unsettled, so that a sequence error may be its doing. */
  hasEarlier(batch: B): boolean {
    return [...this.#inFlight, ...this.#cameBack].some((other) => other.order < batch.order)
  }

  /** Settled: stored. */
  acknowledged(batch: B): void {
    this.#known = true
    this.#land(batch, undefined)
  }

  /** It may or may not be stored, and is sent again under the same sequence. */
  cameBack(batch: B): void {
    this.#cameBack.push(batch)
    this.#land(batch, 'came-back')
  }

  /** It is sent again, but the broker no longer knows where the sequence stands. */
  sequenceLost(batch: B): void {
    this.#cameBack.push(batch)
    this.#land(batch, 'sequence-lost')
  }

  /** Settled: certainly not stored. The batches behind it take over its sequence. */
  refused(batch: B, replacements: readonly B[] = []): void {
    if (
      batch.sequence !== undefined &&
      (this.#refusedOrder === undefined || batch.order < this.#refusedOrder)
    ) {
      this.#refusedOrder = batch.order
      this.#refusedSequence = batch.sequence
    }
    this.#cameBack.push(...replacements)
    this.#land(batch, 'came-back')
  }

  /** Settled without knowing whether it is stored: its sequence may or may not be used. */
  abandoned(batch: B): void {
    const known = this.#inFlight.has(batch)
    if (!known) this.#waiting = this.#waiting.filter((other) => other !== batch)
    if (batch.sequence !== undefined) this.#land(batch, 'sequence-lost')
    else if (known) this.#land(batch, undefined)
  }

  /** Takes out the batches that wait to be sent and were begun before a time, in milliseconds since the epoch. */
  takeOlderThan(time: number): B[] {
    if (this.#open !== undefined && this.#open.createdAt < time) this.closeBatch()
    const old: B[] = []
    for (let batch = this.head; batch !== undefined && batch.createdAt < time; batch = this.head) {
      this.abandoned(batch)
      old.push(batch)
    }
    return old
  }

  /** Batches that no broker has seen. */
  takeUnsent(): B[] {
    this.closeBatch()
    const unsent = this.#waiting.filter((batch) => batch.attempts === 0)
    this.#waiting = this.#waiting.filter((batch) => batch.attempts > 0)
    return unsent
  }

  /** Drops the open batch when it has no records. */
  dropEmpty(): void {
    if (this.#open?.count === 0) this.#open = undefined
  }

  /**
   * Takes out everything that is not in flight, in order. A batch among it that was sent before may be stored, so the
   * sequence is lost with it.
   */
  takeIdle(): B[] {
    this.closeBatch()
    const idle = [...this.#cameBack, ...this.#waiting].toSorted((a, b) => a.order - b.order)
    this.#cameBack = []
    this.#waiting = []
    if (idle.some((batch) => batch.sequence !== undefined)) this.#move('sequence-lost')
    if (this.#inFlight.size === 0 && this.#state !== 'flowing') this.#drained()
    return idle
  }

  /** Everything unsettled, for the end of a producer. */
  takeAll(): B[] {
    this.closeBatch()
    const all = [...this.#inFlight, ...this.#cameBack, ...this.#waiting]
    this.#inFlight.clear()
    this.#cameBack = []
    this.#waiting = []
    return all.toSorted((a, b) => a.order - b.order)
  }

  #land(batch: B, event: QueueEvent | undefined): void {
    this.#inFlight.delete(batch)
    if (event !== undefined) this.#move(event)
    if (this.#inFlight.size === 0 && this.#state !== 'flowing') this.#drained()
  }

  #drained(): void {
    const back = this.#cameBack.toSorted((a, b) => a.order - b.order)
    this.#cameBack = []
    this.#waiting = [...back, ...this.#waiting]
    if (this.#state === 'renewing') {
      this.#spent = this.#identity
      this.#identity = undefined
    } else if (this.#refusedOrder !== undefined) {
      for (const batch of this.#waiting) if (batch.order >= this.#refusedOrder) batch.sequence = undefined
      this.#nextSequence = this.#refusedSequence
    }
    this.#refusedOrder = undefined
    this.#move('drained')
  }

  #move(event: QueueEvent): void {
    const next = queueMoves[this.#state][event]
    if (next === undefined)
      throw new TypeError(`a partition queue cannot take '${event}' while ${this.#state}`)
    this.#state = next
  }
}
