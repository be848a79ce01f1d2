import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KafkaRecord, ReadTopicOptions } from '../../../../../api/index.ts'
import { readSignalTopic, type KafkaStart } from '../kafka.ts'

const record = (offset: number, key: string | null, value: string | null, partition = 0): KafkaRecord => ({
  topic: 'p-signal',
  partition,
  offset,
  timestamp: 0,
  key: key === null ? null : Buffer.from(key),
  value: value === null ? null : Buffer.from(value),
  headers: [],
})

const signal = (id: string): string => JSON.stringify({ id, type: 'log', data: { message: 'a' } })

/** A topic that has `existing` records at the start, and gets `later` ones. The channel is closed at the end of those. */
async function read(
  existing: readonly KafkaRecord[],
  later: readonly KafkaRecord[],
  start: KafkaStart,
  failures: readonly Error[] = [],
): Promise<{ ids: string[]; reads: unknown[]; logged: string[]; passed: number[]; waits: number }> {
  const abort = new AbortController()
  const result = {
    ids: [] as string[],
    reads: [] as unknown[],
    logged: [] as string[],
    passed: [] as number[],
    waits: 0,
  }
  const log = (message: string): void => void result.logged.push(message)
  const left = [...failures]
  async function* readTopic(
    _topic: string,
    { from, untilEnd }: ReadTopicOptions,
  ): AsyncGenerator<KafkaRecord[]> {
    await Promise.resolve()
    const failure = left.shift()
    if (failure !== undefined) throw failure
    result.reads.push(from instanceof Map ? from.get(0) : from)
    const first = from instanceof Map ? Number(from.get(0)) : 0
    const records = untilEnd === true ? existing : [...existing, ...later]
    for (const each of records) if (each.offset >= first) yield [each]
    if (untilEnd !== true) abort.abort()
  }
  const options = {
    kafka: { readTopic },
    topic: 'p-signal',
    connectorName: 'p',
    log: { error: log, warn: log, info: log, debug: log, trace: log },
    signal: ({ id }: { id: string }) => void result.ids.push(id),
    passed: (offset: number) => void result.passed.push(offset),
    wait: () => {
      result.waits++
      return Promise.resolve()
    },
  }
  await readSignalTopic(options, start, abort.signal)
  return result
}

test('a new connector reads all signals', async () => {
  const result = await read([record(0, 'p', signal('a'))], [record(1, 'p', signal('b'))], { isNew: true })
  assert.deepEqual(result.ids, ['a', 'b'])
  assert.deepEqual(result.reads, ['earliest', 1])
  assert.deepEqual(result.passed, [0, 1])
})

test('a connector without an offset of the topic ignores the signals that are there', async () => {
  const result = await read([record(0, 'p', signal('a'))], [record(1, 'p', signal('b'))], { isNew: false })
  assert.deepEqual(result.ids, ['b'])
  assert.match(result.logged.join('\n'), /up to offset 0 are ignored/)
})

test('reading continues after the stored offset', async () => {
  const records = [0, 1, 2].map((offset) => record(offset, 'p', signal(String(offset))))
  const result = await read(records, [], { after: 1 })
  assert.deepEqual(result.ids, ['2'])
  assert.deepEqual(result.reads, [2])
})

test('other keys, empty values and other partitions are no signals', async () => {
  const records = [
    record(0, 'other', signal('a')),
    record(1, null, signal('b')),
    record(2, 'p', null),
    record(3, 'p', ''),
    record(4, 'p', signal('c'), 1),
    record(5, 'p', 'bad'),
    record(6, 'p', signal('d')),
  ]
  const result = await read([], records, { isNew: true })
  assert.deepEqual(result.ids, ['d'])
  assert.match(result.logged.join('\n'), /offset 5 of p-signal is ignored/)
})

test('an unavailable topic is read later, with one line in the log', async () => {
  const failures = [new Error('no such topic'), new Error('no such topic')]
  const result = await read([], [record(0, 'p', signal('a'))], { isNew: true }, failures)
  assert.deepEqual(result.ids, ['a'])
  assert.equal(result.logged.length, 1)
  assert.equal(result.waits, 3)
})
