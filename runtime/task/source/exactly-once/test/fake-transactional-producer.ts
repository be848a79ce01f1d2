import type { ConnectError } from '../../../../../api/index.ts'
import type { DeliveryListener, RawRecord, TransactionalProducer } from '../../../../kafka/index.ts'
import { FakeProducer } from '../../test/fake-producer.ts'

/** A producer in memory that records its transactions. */
export class FakeTransactionalProducer extends FakeProducer implements TransactionalProducer {
  /** Everything that happened, in order: `begin`, `out:a`, `offsets:3`, `commit`, `abort`. */
  readonly events: string[] = []
  timeoutMs = 60_000
  /** Awaited by each commit. */
  committing: () => Promise<void> = async () => {}
  #failure: ConnectError | undefined

  /** The records of committed transactions, a list per transaction. */
  get committed(): string[][] {
    const done: string[][] = []
    let open: string[] = []
    for (const event of this.events) {
      if (event === 'commit') done.push(open)
      if (['begin', 'commit', 'abort'].includes(event)) open = []
      else open.push(event)
    }
    return done
  }

  async init(): Promise<void> {}

  begin(): void {
    this.events.push('begin')
    this.#failure = undefined
  }

  override append(
    topic: string,
    partition: number | null,
    record: RawRecord,
    listener: DeliveryListener,
    index: number,
  ): boolean {
    this.events.push(`${topic}:${String(record.value)}`)
    return super.append(topic, partition, record, listener, index)
  }

  override refuse(error: ConnectError): void {
    this.#failure = error
    super.refuse(error)
  }

  async commit(signal: AbortSignal): Promise<void> {
    await this.flush(signal)
    await this.committing()
    if (this.#failure !== undefined) throw this.#failure
    this.events.push('commit')
  }

  async abort(): Promise<void> {
    this.events.push('abort')
  }
}
