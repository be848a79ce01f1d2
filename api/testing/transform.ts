import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConfigDef, Infer } from '../config/index.ts'
import { isConnectError } from '../errors.ts'
import type { ConnectRecord, SinkRecord, SourceRecord } from '../record.ts'
import type { Transform, TransformStep } from '../transform.ts'
import { definitionAcceptance } from './definition.ts'
import { frozen } from './frozen.ts'

/** A transform to be tested, and what with. */
export interface TransformDriver<D extends ConfigDef> {
  readonly transform: Transform<D>
  /** Settings as `create` takes them. */
  readonly config: Infer<D>
  /** Records that the transform is made for; each kind that it treats differently, at least once. */
  readonly records: readonly (SourceRecord | SinkRecord)[]
}

/** Where a record comes from: no transform may change that. */
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
 * Registers tests that every transform has to pass with `node:test`: it leaves the records it is given alone, keeps
 * their coordinates, treats records without keys and values in a defined way, and can be made and closed at any time.
 */
export function transformAcceptance<D extends ConfigDef>(driver: TransformDriver<D>): void {
  const { transform, config, records } = driver
  const { name } = transform
  definitionAcceptance(transform)

  test(`${name} leaves the records that it is given as they are`, async () => {
    await withStep(transform, config, async (step) => {
      for (const record of records) await resultOf(step, frozen(record))
    })
  })

  test(`${name} keeps where a record comes from`, async () => {
    await withStep(transform, config, async (step) => {
      for (const record of records) {
        const result = (await resultOf(step, record)) as Partial<SourceRecord & SinkRecord> | null
        if (result === null) continue
        const before = record as Partial<SourceRecord & SinkRecord>
        for (const key of coordinates) assert.deepEqual(result[key], before[key], `${key} was changed`)
      }
    })
  })

  test(`${name} treats a record without key and value, or refuses it with an error that has a code`, async () => {
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

  test(`${name} gives the same to two tasks`, async () => {
    await withStep(transform, config, async (one) => {
      await withStep(transform, config, async (other) => {
        for (const record of records) {
          const [first, second] = [await resultOf(one, record), await resultOf(other, record)]
          assert.equal(first === null, second === null, 'one dropped the record, the other did not')
          assert.equal(first?.topic, second?.topic)
          assert.equal(first?.valueSchema, second?.valueSchema, 'schemas are to be interned: see makeSchema')
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
