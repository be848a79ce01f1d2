import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError, type ConverterInstance, type SchemaAndValue } from '../../../api/index.ts'
import { ErrorHandler, newErrorCounters } from '../../errors/index.ts'
import { BatchRecords, readBatch } from '../../kafka/record-batch/index.ts'
import { rawRecord, sealedBatch } from '../../kafka/record-batch/test/batches.ts'
import type { Segment } from '../../kafka/index.ts'
import { ConverterWaits } from '../converter-waits.ts'
import type { Converters } from '../converters.ts'
import { SinkReader } from '../sink-reader.ts'

/** A converter that is a class instance and needs its `this`. It rejects the value `bad`. */
class UpperCaseConverter implements ConverterInstance {
  readonly #suffix = '!'

  fromConnect(): null {
    return null
  }
  toConnect(_topic: string, bytes: Buffer | null): SchemaAndValue {
    return { schema: null, value: bytes === null ? null : this.#read(bytes.toString()) }
  }
  toConnectRange(_topic: string, bytes: Buffer, start: number, end: number): SchemaAndValue {
    return { schema: null, value: this.#read(bytes.toString('utf8', start, end)) }
  }
  toConnectHeader(): SchemaAndValue {
    return { schema: null, value: null }
  }
  fromConnectHeader(): null {
    return null
  }

  #read(text: string): string {
    if (text === 'bad') throw new ConnectError('HR_DATA_INVALID', 'it is bad')
    return text.toUpperCase() + this.#suffix
  }
}

async function segmentOf(values: readonly string[]): Promise<Segment> {
  const batch = await sealedBatch(values.map((value) => rawRecord({ value })))
  const records = new BatchRecords(await readBatch(batch, 0, batch.length))
  return { topic: 't', partition: 0, records, count: values.length, fromOffset: 0 }
}

/** Reads values with all errors tolerated. */
async function read(values: readonly string[], converter: ConverterInstance = new UpperCaseConverter()) {
  const key = { className: 'K', converter: new UpperCaseConverter() }
  const converters: Converters = { key, value: { className: 'V', converter }, header: key }
  const settings = { retryTimeoutMs: 0, retryDelayMaxMs: 1, tolerance: 'all' } as const
  const counters = newErrorCounters()
  const handler = new ErrorHandler(settings, [], counters, new AbortController().signal)
  const seen: number[] = []
  const reader = new SinkReader(converters, handler, (_topic, _partition, offset) => seen.push(offset), false)
  const waits = new ConverterWaits(() => assert.fail('waited'))
  const result = await reader.read([await segmentOf(values)], waits)
  return { ...result, values: result.records.map(({ value }) => value), counters, seen }
}

test('a converter may be a class', async () => {
  const { values, fatal } = await read(['a', 'b'])

  assert.deepEqual([values, fatal], [['A!', 'B!'], undefined])
})

test('a record that a converter rejects is skipped if errors are tolerated', async () => {
  const { values, fatal, counters, seen } = await read(['a', 'bad', 'c'])

  assert.deepEqual([values, fatal, seen], [['A!', 'C!'], undefined, [0, 1, 2]])
  assert.equal(counters.totalRecordsSkipped, 1)
})

test('an error that is not a failed conversion is not tolerated, and the records before it are read', async () => {
  class Forgetful extends UpperCaseConverter {
    override toConnectRange(...range: Parameters<UpperCaseConverter['toConnectRange']>): SchemaAndValue {
      const read_ = super.toConnectRange(...range)
      return read_.value === 'FORGET!' ? (undefined as unknown as SchemaAndValue) : read_
    }
  }
  const { values, fatal, counters, seen } = await read(['a', 'forget', 'c'], new Forgetful())

  assert.ok(fatal instanceof TypeError)
  assert.deepEqual([values, seen, counters.totalRecordsSkipped], [['A!'], [0], 0])
})
