import { silentLogger } from '../../../telemetry/index.ts'
import { Outages, type FailedAttempt } from '../outages.ts'

/** Outages that record every failure for a test, regardless of its duration. */
export class RecordedOutages extends Outages {
  /** All reported reasons, in order. */
  readonly heard: string[] = []
  readonly #failing = new Map<object, string>()

  constructor() {
    super(silentLogger)
  }

  /** The current failures. */
  get reasons(): string[] {
    return [...this.#failing.values()]
  }

  override failing(need: object, { reason }: FailedAttempt, _atOnce: boolean): void {
    this.heard.push(reason)
    this.#failing.set(need, reason)
  }

  override recovered(need: object): void {
    this.#failing.delete(need)
  }
}
