import {
  ConnectError,
  messageOf,
  type ConnectRecord,
  type Logger,
  type StepResult,
  type TransformStep,
} from '../../api/index.ts'
import type { ConsumedPlace, ErrorHandler } from '../errors/index.ts'
import type { RecordBatch } from './batch.ts'

/** A configured transform of a connector. */
export interface ChainStep {
  /** Name in the `transforms` setting. */
  readonly alias: string
  readonly className: string
  readonly step: TransformStep
  /** Whether the step applies to a record; without a predicate it applies to all. */
  readonly applies?: (record: ConnectRecord) => boolean
}

/** Returns the position of a record in Kafka, for the failure reports of sinks. */
export type PlaceOf<R> = (record: R) => ConsumedPlace

/**
 * The transforms of a task. Each step processes the whole batch before the next one starts, which keeps its
 * code hot.
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
      if (step.step.applyAll !== undefined) await this.#runOnAll(step, batch)
      else for (let from = 0; from < batch.limit;) from = await this.#runStep(step, batch, from)
    }
  }

  /**
   * Runs a step from index `from` until a record fails; returns the index to continue from. Creates a promise
   * only on a failure.
   */
  #runStep(chainStep: ChainStep, batch: RecordBatch<R>, from: number): number | Promise<number> {
    const { current } = batch
    const { step, applies } = chainStep
    for (let index = from; index < batch.limit; index++) {
      const record = current[index]
      if (record === null || record === undefined) continue
      try {
        if (applies !== undefined && !applies(record)) continue
        const result = step.apply(record)
        if (result === null) batch.drop(index)
        else current[index] = result
      } catch (error) {
        return this.#onError(chainStep, batch, index, record, error).then(() => index + 1)
      }
    }
    return batch.limit
  }

  /** Passes the whole batch at once to a step that works asynchronously. */
  async #runOnAll(chainStep: ChainStep, batch: RecordBatch<R>): Promise<void> {
    const { current } = batch
    const chosen: { readonly index: number; readonly record: R }[] = []
    for (let index = 0; index < batch.limit; index++) {
      const record = current[index]
      if (record === null || record === undefined) continue
      try {
        if (chainStep.applies?.(record) ?? true) chosen.push({ index, record })
      } catch (error) {
        await this.#onError(chainStep, batch, index, record, error)
      }
    }
    const results = await applyAll(
      chainStep,
      chosen.map(({ record }) => record),
    )
    for (const [nth, { index, record }] of chosen.entries()) {
      if (index >= batch.limit) break
      const result = results[nth] ?? noResult
      if ('error' in result) await this.#onError(chainStep, batch, index, record, result.error)
      else if (result.record === null) batch.drop(index)
      else current[index] = result.record
    }
  }

  async #onError(
    chainStep: ChainStep,
    batch: RecordBatch<R>,
    index: number,
    record: R,
    error: unknown,
  ): Promise<void> {
    const original = batch.records[index] ?? record
    const { className } = chainStep
    const failure = {
      stage: 'TRANSFORMATION',
      executingClass: className,
      error,
      record: original,
      ...(this.#placeOf === undefined ? {} : { consumed: this.#placeOf(original) }),
    } as const
    try {
      const resolved = await this.#handler.resolve(failure, () => applyAgain(chainStep, record))
      if (!('value' in resolved)) batch.skip(index, resolved.safe)
      else if (resolved.value === null) batch.drop(index)
      else batch.current[index] = resolved.value
    } catch (fatal) {
      batch.cut(index, fatal)
    }
  }
}

/** Closes the transforms of a task. An error is logged, and the remaining transforms are still closed. */
export function closeSteps(steps: readonly ChainStep[], log: Logger): void {
  for (const { step, className } of steps) {
    try {
      step.close?.()
    } catch (error) {
      log.warn('an error occurred while closing a transform', {
        class: className,
        reason: messageOf(error),
        err: error,
      })
    }
  }
}

const noResult = { error: new ConnectError('HR_CONNECT', 'The transform returned no result for the record') }

/** Applies a step to several records. If the call rejects, every record fails with that error. */
async function applyAll<R extends ConnectRecord>(
  { step }: ChainStep,
  records: readonly R[],
): Promise<readonly StepResult<R>[]> {
  if (records.length === 0) return []
  try {
    return (await step.applyAll?.(records)) ?? []
  } catch (error) {
    return records.map(() => ({ error }))
  }
}

async function applyAgain<R extends ConnectRecord>(chainStep: ChainStep, record: R): Promise<R | null> {
  const { applies } = chainStep
  if (applies !== undefined && !applies(record)) return record
  return applyOnce(chainStep, record)
}

/** Applies a step to one record, regardless of its predicate; null drops the record. */
export async function applyOnce<R extends ConnectRecord>(chainStep: ChainStep, record: R): Promise<R | null> {
  const { step } = chainStep
  if (step.applyAll === undefined) return step.apply(record)
  const [result = noResult] = await applyAll(chainStep, [record])
  if ('error' in result) throw result.error
  return result.record
}
