/** The properties of a batch that its queue uses. */
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
 * `flowing`: batches are sent in order. `draining`: a batch has to be retried, so no batch is sent while
 * others are in flight; then the batches to retry are sent again, in order. `renewing`: like `draining`, but
 * the sequence is lost, so a new producer id is needed first.
 */
export type QueueState = 'flowing' | 'draining' | 'renewing'

export type QueueEvent = 'requeued' | 'sequence-lost' | 'drained'

export const queueMoves: Readonly<Record<QueueState, Partial<Record<QueueEvent, QueueState>>>> = {
  flowing: { 'requeued': 'draining', 'sequence-lost': 'renewing', 'drained': 'flowing' },
  draining: { 'requeued': 'draining', 'sequence-lost': 'renewing', 'drained': 'flowing' },
  renewing: { 'requeued': 'renewing', 'sequence-lost': 'renewing', 'drained': 'flowing' },
}

const SEQUENCE_LIMIT = 2 ** 31

/**
 * The unsettled batches of one partition. Keeps the order and the sequence numbers correct across failures: a
 * batch gets its sequence when it is first sent, and another batch gets the same sequence only when the
 * broker is known not to have stored the first one.
 *
 * Invariant 4: batches of a partition are stored in the order of their records.
 * Invariant 5: each batch carries the producer's id and epoch, by which a broker rejects a fenced producer.
 * Source: KIP-98, KIP-360.
 */
export class PartitionQueue<B extends QueuedBatch> {
  readonly topic: string
  readonly partition: number
  /** Earliest time of the next request, in milliseconds since the epoch. */
  notBefore = 0
  /** The batch that is being filled; last in order. */
  #open: B | undefined
  #state: QueueState = 'flowing'
  #identity: ProducerIdentity | undefined
  #exhausted: ProducerIdentity | undefined
  /** Whether the broker has stored a batch under the identity. */
  #known = false
  #nextSequence = 0
  #nextOrder = 0
  #waiting: B[] = []
  readonly #inFlight = new Set<B>()
  #requeued: B[] = []
  /** Order of the first batch that is known not to be stored. Later batches take over its sequence. */
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
  /** The last identity under which the sequence was lost. */
  get exhaustedIdentity(): ProducerIdentity | undefined {
    return this.#exhausted
  }
  /**
   * Whether only one batch may be in flight. A broker accepts any first sequence from a producer that the
   * partition does not know, so a second batch could be stored before a first one that has to be retried.
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
    const closed = this.#waiting.length + this.#inFlight.size + this.#requeued.length
    return closed === 0 && this.#open === undefined
  }
  /** The batch that {@link take} would return. */
  get head(): B | undefined {
    return this.#state === 'flowing' ? this.#waiting[0] : undefined
  }

  /** Creates the batch to which the next records are appended. */
  openBatch(create: (order: number) => B): B {
    const batch = create(this.#nextOrder++)
    this.#open = batch
    return batch
  }

  /** Closes the open batch, so that it can be sent. */
  closeBatch(): void {
    if (this.#open !== undefined) this.#waiting.push(this.#open)
    this.#open = undefined
  }

  /** Called when a transactional producer gets a new epoch. Allowed only while no batch is unsettled. */
  forgetIdentity(): void {
    this.#identity = undefined
  }

  /**
   * Writes the next batches under this identity, from sequence 0. Allowed only while no batch is in flight.
   */
  useIdentity(identity: ProducerIdentity): void {
    this.#identity = identity
    this.#known = false
    this.#nextSequence = 0
    for (const batch of this.#waiting) batch.sequence = undefined
  }

  /** Returns the next batch to send and marks it as in flight. */
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

  /** Whether an earlier batch is unsettled, which can cause a sequence error for this one. */
  hasEarlier(batch: B): boolean {
    return [...this.#inFlight, ...this.#requeued].some((other) => other.order < batch.order)
  }

  /** Settles a batch that the broker has stored. */
  acknowledged(batch: B): void {
    this.#known = true
    this.#removeInFlight(batch, undefined)
  }

  /** Retries a batch that may be stored, under the same sequence. */
  requeue(batch: B): void {
    this.#requeued.push(batch)
    this.#removeInFlight(batch, 'requeued')
  }

  /** Retries a batch under a new identity, because its sequence is lost. */
  sequenceLost(batch: B): void {
    this.#requeued.push(batch)
    this.#removeInFlight(batch, 'sequence-lost')
  }

  /** Settles a batch that is known not to be stored. Later batches take over its sequence. */
  refused(batch: B, replacements: readonly B[] = []): void {
    if (
      batch.sequence !== undefined &&
      (this.#refusedOrder === undefined || batch.order < this.#refusedOrder)
    ) {
      this.#refusedOrder = batch.order
      this.#refusedSequence = batch.sequence
    }
    this.#requeued.push(...replacements)
    this.#removeInFlight(batch, 'requeued')
  }

  /** Settles a batch that may be stored, so its sequence may be in use. */
  abandoned(batch: B): void {
    const known = this.#inFlight.has(batch)
    if (!known) this.#waiting = this.#waiting.filter((other) => other !== batch)
    if (batch.sequence !== undefined) this.#removeInFlight(batch, 'sequence-lost')
    else if (known) this.#removeInFlight(batch, undefined)
  }

  /** Removes and returns the waiting batches created before `time`, in milliseconds since the epoch. */
  takeOlderThan(time: number): B[] {
    if (this.#open !== undefined && this.#open.createdAt < time) this.closeBatch()
    const old: B[] = []
    for (let batch = this.head; batch !== undefined && batch.createdAt < time; batch = this.head) {
      this.abandoned(batch)
      old.push(batch)
    }
    return old
  }

  /** Removes and returns the batches that were never sent. */
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
   * Removes and returns the batches that are not in flight, in order. If one of them was sent before, it may
   * be stored, so the sequence is lost.
   */
  takeIdle(): B[] {
    this.closeBatch()
    const idle = [...this.#requeued, ...this.#waiting].toSorted((a, b) => a.order - b.order)
    this.#requeued = []
    this.#waiting = []
    if (idle.some((batch) => batch.sequence !== undefined)) this.#move('sequence-lost')
    if (this.#inFlight.size === 0 && this.#state !== 'flowing') this.#drained()
    return idle
  }

  /** Removes and returns all unsettled batches. Called when the producer closes. */
  takeAll(): B[] {
    this.closeBatch()
    const all = [...this.#inFlight, ...this.#requeued, ...this.#waiting]
    this.#inFlight.clear()
    this.#requeued = []
    this.#waiting = []
    return all.toSorted((a, b) => a.order - b.order)
  }

  #removeInFlight(batch: B, event: QueueEvent | undefined): void {
    this.#inFlight.delete(batch)
    if (event !== undefined) this.#move(event)
    if (this.#inFlight.size === 0 && this.#state !== 'flowing') this.#drained()
  }

  #drained(): void {
    const back = this.#requeued.toSorted((a, b) => a.order - b.order)
    this.#requeued = []
    this.#waiting = [...back, ...this.#waiting]
    if (this.#state === 'renewing') {
      this.#exhausted = this.#identity
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
      throw new TypeError(`a partition queue cannot handle '${event}' in state ${this.#state}`)
    this.#state = next
  }
}
