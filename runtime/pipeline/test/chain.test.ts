import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ConnectError,
  sourceRecord,
  type ConnectRecord,
  type SourceRecord,
  type TransformStep,
} from '../../../api/index.ts'
import { ErrorHandler, newErrorCounters } from '../../errors/index.ts'
import { RecordBatch } from '../batch.ts'
import { TransformChain, type ChainStep } from '../chain.ts'

const numbered = (n: number): SourceRecord =>
  sourceRecord({ topic: 't', sourcePartition: {}, sourceOffset: { n }, value: n })

function chainOf(
  steps: readonly (TransformStep & Partial<Pick<ChainStep, 'applies'>>)[],
  retryTimeoutMs = 0,
) {
  const counters = newErrorCounters()
  const settings = { retryTimeoutMs, retryDelayMaxMs: 1, tolerance: 'all' } as const
  const handler = new ErrorHandler(settings, [], counters, new AbortController().signal)
  const chain = new TransformChain<SourceRecord>(
    steps.map((step, index) => ({
      alias: `s${index}`,
      className: `S${index}`,
      step,
      ...(step.applies === undefined ? {} : { applies: step.applies }),
    })),
    handler,
  )
  return { chain, counters }
}

const plus = (amount: number): TransformStep => ({
  apply: <R extends ConnectRecord>(record: R) => ({ ...record, value: (record.value as number) + amount }),
})

const valuesOf = (batch: RecordBatch<SourceRecord>) => batch.current.map((record) => record?.value)

test('retries of a step do not change the order of records', async () => {
  let tries = 0
  const stumbling: TransformStep = {
    apply: (record) => {
      if (record.value === 2 && ++tries < 3) throw new ConnectError('HR_RETRIABLE', 'not now')
      return record
    },
  }
  const { chain, counters } = chainOf([stumbling, plus(10)], -1)
  const batch = new RecordBatch([1, 2, 3].map(numbered))
  await chain.run(batch)
  assert.deepEqual(valuesOf(batch), [11, 12, 13])
  assert.equal(counters.totalRetries, 2)
})

test('an asynchronous step gets all records of a batch to which it applies', async () => {
  const calls: unknown[][] = []
  const waiting = {
    apply: () => assert.fail('called for one record'),
    applies: (record: ConnectRecord) => record.value !== 2,
    applyAll: async <R extends ConnectRecord>(records: readonly R[]) => {
      calls.push(records.map(({ value }) => value))
      return records.map((record) => ({ record: record.value === 3 ? null : { ...record, value: 'seen' } }))
    },
  }
  const { chain } = chainOf([waiting])
  const batch = new RecordBatch([1, 2, 3].map(numbered))
  await chain.run(batch)
  assert.deepEqual(calls, [[1, 3]])
  assert.deepEqual(valuesOf(batch), ['seen', 2, undefined])
})

test('a record that fails in an asynchronous step is skipped, and the others continue in order', async () => {
  const failing: TransformStep = {
    apply: () => assert.fail('called for one record'),
    applyAll: async (records) =>
      records.map((record) => (record.value === 2 ? { error: new Error('bad') } : { record })),
  }
  const { chain, counters } = chainOf([failing, plus(10)])
  const batch = new RecordBatch([1, 2, 3].map(numbered))
  await chain.run(batch)
  assert.deepEqual(valuesOf(batch), [11, undefined, 13])
  assert.equal(counters.totalRecordsSkipped, 1)
})

test('an asynchronous step that rejects fails for each of its records', async () => {
  const { chain, counters } = chainOf([
    {
      apply: () => assert.fail('called for one record'),
      applyAll: () => Promise.reject(new Error('broken')),
    },
  ])
  await chain.run(new RecordBatch([1, 2].map(numbered)))
  assert.equal(counters.totalRecordErrors, 2)
})
