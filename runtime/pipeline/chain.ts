import type { ConnectRecord, TransformStep } from '../../api/index.ts'
import type { ConsumedPlace, ErrorHandler } from '../errors/index.ts'
import { outcome, type RecordBatch } from './batch.ts'

/** One configured transform of a connector. */
export interface ChainStep {
  /** Name in `transforms`. */
  readonly alias: string
  readonly className: string
  readonly step: TransformStep
  /** Whether the step is for a record; all when there is no predicate. */
  readonly applies?: (record: ConnectRecord) => boolean
}

/** Where a record lies in Kafka, for failure reports of sinks. */
export type PlaceOf<R> = (record: R) => ConsumedPlace

/**
 * The transforms of a task. Each step goes over the whole batch before the next begins, so that its code stays hot.
 *
 * Source: TransformationChain, TransformationStage.
 */
export class TransformChain<R extends ConnectRecord> {
  readonly #steps: readonly ChainStep[]
  readonly #handler: ErrorHandler
  readonly #placeOf: PlaceOf<R> | undefined

  constructor(steps: readonly ChainStep[], handler: ErrorHandler, placeOf?: PlaceOf<R>) {
    this.#steps = steps
    this.#handler = handler
    this.#placeOf = placeOf
  }

  async run(batch: RecordBatch<R>): Promise<void> {
    for (const step of this.#steps) {
      for (let from = 0; from < batch.limit;) from = await this.#runStep(step, batch, from)
    }
  }

  close(): void {
    for (const { step } of this.#steps) step.close?.()
  }

  /** Goes on from `from` until a record fails; answers where to go on. No promise is made for records that do well. */
  #runStep(chainStep: ChainStep, batch: RecordBatch<R>, from: number): number | Promise<number> {
    const { current } = batch
    const { step, applies } = chainStep
    for (let index = from; index < batch.limit; index++) {
      const record = current[index]
      if (record === null || record === undefined) continue
      try {
        if (applies !== undefined && !applies(record)) continue
        const result = step.apply(record)
        if (result === null) batch.drop(index, outcome.filtered)
        else current[index] = result
      } catch (error) {
        return this.#onError(chainStep, batch, index, record, error).then(() => index + 1)
      }
    }
    return batch.limit
  }

  async #onError(
    { step, applies, className }: ChainStep,
    batch: RecordBatch<R>,
    index: number,
    record: R,
    error: unknown,
  ): Promise<void> {
    const original = batch.records[index] ?? record
    const failure = {
      stage: 'TRANSFORMATION',
      executingClass: className,
      error,
      record: original,
      ...(this.#placeOf === undefined ? {} : { consumed: this.#placeOf(original) }),
    } as const
    const retry = () => (applies === undefined || applies(record) ? step.apply(record) : record)
    try {
      const resolved = await this.#handler.resolve(failure, retry)
      if (!('value' in resolved)) batch.skip(index, resolved.safe)
      else if (resolved.value === null) batch.drop(index, outcome.filtered)
      else batch.current[index] = resolved.value
    } catch (fatal) {
      batch.cut(index, fatal)
    }
  }
}
