import type { ConnectError } from '../../../../api/index.ts'
import type { DeliveryListener, Producer, RawRecord } from '../../../kafka/index.ts'
import { Changes } from '../../../timing/index.ts'

interface Taken {
  readonly topic: string
  readonly listener: DeliveryListener
  readonly index: number
}

/** A producer that acknowledges records immediately, or when the test allows it. */
export class FakeProducer implements Producer {
  readonly #changes = new Changes()
  readonly #open: Taken[] = []
  /** Values in order of arrival, as `topic:value`. */
  readonly written: string[] = []
  readonly prepared: string[] = []
  /** When false, records wait for {@link acknowledge}. */
  acknowledging = true
  full = false
  flushes = 0

  /** The error passed to {@link stop}. */
  stopped: ConnectError | undefined

  async prepare(topic: string): Promise<void> {
    this.prepared.push(topic)
  }

  async refresh(topic: string): Promise<void> {
    this.prepared.push(topic)
  }

  check(): void {}

  stop(error: ConnectError): void {
    this.stopped ??= error
    this.#changes.notify()
  }

  append(
    topic: string,
    _partition: number | null,
    { value }: RawRecord,
    listener: DeliveryListener,
    index: number,
  ): boolean {
    this.written.push(`${topic}:${String(value)}`)
    this.#open.push({ topic, listener, index })
    if (this.acknowledging) this.acknowledge()
    return !this.full
  }

  /** Acknowledges all records received so far. */
  acknowledge(count = this.#open.length): void {
    for (const { topic, listener, index } of this.#open.splice(0, count)) {
      listener.acknowledged(index, 1, topic, 0, this.written.length)
    }
    this.#changes.notify()
  }

  /** Rejects the oldest pending record. */
  refuse(error: ConnectError): void {
    for (const { listener, index } of this.#open.splice(0, 1)) listener.failed(index, 1, error)
  }

  makeRoom(): void {
    this.full = false
    this.#changes.notify()
  }

  room(signal: AbortSignal): Promise<void> {
    return this.#changes.until(() => !this.full, signal)
  }

  async flush(signal: AbortSignal): Promise<void> {
    this.flushes++
    await this.#changes.until(() => this.#open.length === 0, signal)
  }

  async close(): Promise<void> {}
}
