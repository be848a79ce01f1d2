import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type ConfigDef,
  type ConnectRecord,
  type Infer,
  isConnectError,
  type SinkRecord,
  type SourceRecord,
  type Transform,
  type TransformStep,
} from '../api/index.ts'
import { definitionAcceptance } from './definition.ts'
import { frozen } from './frozen.ts'

/** A transform under test and its test data. */
export interface TransformDriver<D extends ConfigDef> {
  readonly transform: Transform<D>
  /** Parsed settings for `create`. */
  readonly config: Infer<D>
  /** Valid records for the transform. Include each kind that it handles differently at least once. */
  readonly records: readonly (SourceRecord | SinkRecord)[]
}

/** The coordinates of a record, which no transform may change. */
const coordinates = [
  'sourcePartition',
  'sourceOffset',
  'offset',
  'timestampType',
  'originalTopic',
  'originalPartition',
  'originalOffset',
] as const

/**
 * Registers `node:test` tests that every transform must pass: it does not modify its arguments, keeps the coordinates
 * of records, accepts records without key and value or throws an error with a code, and works the same in each task.
 */
export function transformAcceptance<D extends ConfigDef>(driver: TransformDriver<D>): void {
  const { transform, config, records } = driver
  const { name } = transform
  definitionAcceptance(transform)

  test(`${name} does not modify the original records`, async () => {
    await withStep(transform, config, async (step) => {
      for (const record of records) await resultOf(step, frozen(record))
    })
  })

  test(`${name} keeps the coordinates of a record`, async () => {
    await withStep(transform, config, async (step) => {
      for (const record of records) {
        const result = (await resultOf(step, record)) as Partial<SourceRecord & SinkRecord> | null
        if (result === null) continue
        const before = record as Partial<SourceRecord & SinkRecord>
        for (const key of coordinates) assert.deepEqual(result[key], before[key], `${key} was changed`)
      }
    })
  })

  test(`${name} accepts a record without key and value or throws an error with a code`, async () => {
    await withStep(transform, config, async (step) => {
      for (const record of records) {
        const empty = { ...record, keySchema: null, key: null, valueSchema: null, value: null }
        try {
          await resultOf(step, frozen(empty))
        } catch (error) {
          assert.ok(isConnectError(error), `threw ${String(error)}, which has no code`)
        }
      }
    })
  })

  test(`${name} returns the same result in two tasks`, async () => {
    await withStep(transform, config, async (one) => {
      await withStep(transform, config, async (other) => {
        for (const record of records) {
          const [first, second] = [await resultOf(one, record), await resultOf(other, record)]
          assert.equal(first === null, second === null, 'one dropped the record, the other did not')
          assert.equal(first?.topic, second?.topic)
          assert.equal(first?.valueSchema, second?.valueSchema, 'schemas must be interned: see makeSchema')
        }
      })
    })
  })
}

async function withStep<D extends ConfigDef>(
  transform: Transform<D>,
  config: Infer<D>,
  use: (step: TransformStep) => Promise<void>,
): Promise<void> {
  const step = transform.create(config)
  try {
    await use(step)
  } finally {
    step.close?.()
  }
}

async function resultOf<R extends ConnectRecord>(step: TransformStep, record: R): Promise<R | null> {
  if (step.applyAll === undefined) return step.apply(record)
  const [result] = await step.applyAll([record])
  assert.ok(result !== undefined, 'no result for a record of the batch')
  if ('error' in result) throw result.error
  return result.record
}
