import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { ConnectError, Float64 } from '../../../../../api/index.ts'
import { gzip, uncompressed } from '../../compression/index.ts'
import { objectOf, readObject, valuesOf } from '../../test/read-object.ts'
import { jsonReader } from '../index.ts'

const reader = jsonReader(uncompressed, 10_000)
const read = (text: string, skip = 0, size = 7) => valuesOf(reader, objectOf(Buffer.from(text), size), skip)

test('each line is a value, with or without a line feed at the end', async () => {
  const expected = [{ a: 'ü€😀' }, [1, null], 'x', 1.5]
  const text = '{"a":"ü€😀"}\n[1,null]\r\n"x"\n1.5'
  for (let size = 1; size < 9; size++) assert.deepEqual(await read(text, 0, size), expected)
  assert.deepEqual(await read(`${text}\n`), expected)
})

test('empty lines and a byte order mark are no values, and are not counted', async () => {
  const text = '\ufeff1\n\n  \r\n2\n\n3\n'
  assert.deepEqual(await read(text), [1, 2, 3])
  assert.deepEqual(await read(text, 2), [3])
  assert.deepEqual(await read(text, 5), [])
})

test('numbers keep their digits: 64-bit integers, and larger ones as doubles', async () => {
  assert.deepEqual(await read('[9007199254740993,1.0,-9223372036854775808]\n{"n":100000000000000000000}\n'), [
    [9_007_199_254_740_993n, new Float64(1), -(2n ** 63n)],
    { n: 1e20 },
  ])
})

test('an array with an item per line is read like lines', async () => {
  const text = '[\n{"a":1},\n"[",\n[2]\n]'
  assert.deepEqual(await read(text), [{ a: 1 }, '[', [2]])
  assert.deepEqual(await read(text, 1), ['[', [2]])
  assert.deepEqual(await read('[\n1,\n2\n]\n'), [1, 2])
})

test('what is not JSON is refused with its place, after the values before it', async () => {
  for (const line of ['{"a":', '[', ']', '1 2', '{"a":1}{"b":2}']) {
    const { read: values, error } = await readObject(
      reader,
      objectOf(Buffer.from(`1\n\n2\n${line}\n3\n`), 100),
    )
    assert.deepEqual(
      values.map(({ value }) => value),
      [1, 2],
    )
    assert.equal((error as ConnectError).code, 'HR_DATA_INVALID')
    assert.match(String(error), /Object topics\/t\/0\.json, record 3: /)
  }
})

test('a line that is too long is refused with its place', async () => {
  const { read: values, error } = await readObject(
    jsonReader(uncompressed, 20),
    objectOf(Buffer.from(`1\n"${'x'.repeat(50)}"\n`), 10),
  )
  assert.equal(values.length, 1)
  assert.match(String(error), /record 2: it is longer than 20 bytes/)
})

test('a compressed object that is damaged gives the values before, and one error', async () => {
  const lines = Array.from({ length: 5000 }, (_, at) => `{"id":${at},"x":${(at * 7919) % 10_007}}\n`).join('')
  const whole = gzipSync(lines)
  const { read: values, error } = await readObject(
    jsonReader(gzip(-1), 1000),
    objectOf(whole.subarray(0, -1000), 4096),
  )
  assert.ok(values.length > 1000 && values.length < 5000)
  assert.deepEqual(values.at(-1)?.value, { id: values.length - 1, x: ((values.length - 1) * 7919) % 10_007 })
  assert.equal((error as ConnectError).code, 'HR_DATA_INVALID')
  assert.match(
    String(error),
    new RegExp(`Object topics/t/0.json is not valid gzip data after ${values.length} records`),
  )
})

test('an error of the server is passed on as it is', async () => {
  const lost = new ConnectError('HR_RETRIABLE', 'connection lost')
  const object = {
    ...objectOf(Buffer.of(), 1),
    async *stream() {
      yield gzipSync('1\n2\n').subarray(0, 15)
      throw lost
    },
  }
  assert.equal((await readObject(jsonReader(gzip(-1), 1000), object)).error, lost)
  assert.equal((await readObject(jsonReader(uncompressed, 1000), object)).error, lost)
})

test('a reader that is given up closes the stream', async () => {
  let closed = false
  const object = {
    ...objectOf(Buffer.of(), 1),
    async *stream() {
      try {
        for (;;) yield gzipSync('1\n')
      } finally {
        closed = true
      }
    },
  }
  for await (const batch of jsonReader(gzip(-1), 1000).read(object, 0, new AbortController().signal)) {
    assert.deepEqual(batch, [{ schema: null, value: 1 }])
    break
  }
  assert.ok(closed)
})
