import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SourceRecord } from '../../../../api/index.ts'
import { explained } from '../polled-records.ts'
import { batch, startSource } from './start-source.ts'

const invalid = (value: unknown) => value as SourceRecord

for (const [value, fault] of [
  [{ hello: 1 }, 'topic is undefined, expected a string'],
  [{ topic: 'out', value: 'x' }, 'headers is undefined, expected an array'],
  [{ ...batch(['x'])[0], sourceOffset: 7 }, 'sourceOffset is a number, expected an object or null'],
  ['text', 'it is a string'],
] as const) {
  test(`a value that is no SourceRecord is named in the error: ${fault}`, () => {
    const error = explained([...batch(['a']), invalid(value)], new TypeError('cannot read'))
    assert.ok(error instanceof Error && error.cause instanceof TypeError)
    assert.equal(
      error.message,
      `poll() returned a value that is not a SourceRecord, at index 1 of 2: ${fault}. Create records with sourceRecord().`,
    )
  })
}

test('other errors, and those of valid records, stay as they are', () => {
  const failures = [new RangeError('no'), new TypeError('no')]
  assert.equal(explained([invalid({})], failures[0]), failures[0])
  assert.equal(explained(batch(['a']), failures[1]), failures[1])
})

test('a task whose poll returns objects that are no records fails with the explanation', async (t) => {
  const { ended } = startSource(t, { batches: [[invalid({ hello: 1 })]] })
  await assert.rejects(
    ended,
    /^ConnectError: poll\(\) returned a value that is not a SourceRecord, at index 0 of 1/,
  )
})

test('a task whose poll returns no array fails with the explanation', async (t) => {
  const { ended } = startSource(t, { task: { poll: async () => invalid({}) as unknown as SourceRecord[] } })
  await assert.rejects(ended, /poll\(\) returned an object, expected an array of SourceRecord/)
})
