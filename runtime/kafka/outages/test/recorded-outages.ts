import { silentLogger } from '../../../telemetry/index.ts'
import { Outages, type Trouble } from '../outages.ts'

/** Outages that tell a test what is failing, however short that is. */
export class RecordedOutages extends Outages {
  /** Every reason that was given, in order. */
  readonly heard: string[] = []
  readonly #failing = new Map<object, string>()

  constructor() {
    super(silentLogger)
  }

  /** What fails now. */
  get reasons(): string[] {
    return [...this.#failing.values()]
  }

  override failing(need: object, { reason }: Trouble, _atOnce: boolean): void {
    this.heard.push(reason)
    this.#failing.set(need, reason)
  }

  override recovered(need: object): void {
    this.#failing.delete(need)
  }
}
