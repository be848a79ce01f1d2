import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ConnectError,
  INT64,
  isConnectError,
  messageOf,
  STRING,
  struct,
} from '../../../../../../api/index.ts'
import type { ObjectSource } from '../../../../ports.ts'
import { avroReader, defaultAvroData } from '../../index.ts'
import { fileOf, objectOf, readAll } from '../../test/files.ts'

const schema = struct({ id: INT64, text: STRING })
const text = 'x'.repeat(20)
/** Several blocks. */
const values = Array.from({ length: 10_000 }, (_, id) => ({ id, text }))
const ids = (found: readonly { readonly value: unknown }[]) =>
  found.map(({ value }) => (value as { id: number }).id)
const file = await fileOf(schema, values)

test('reading continues behind any number of values, in whatever chunks the file arrives', async () => {
  const everySkip = [0, 1, 2_500, 2_783, 9_999, 10_000, 20_000]
  for (const codec of ['null', 'deflate', 'snappy'] as const) {
    const object = objectOf(await fileOf(schema, values, { codec }), 777)
    for (const skip of everySkip) {
      const { values: found, error } = await readAll(object, skip)
      assert.equal(error, undefined)
      assert.deepEqual(ids(found), ids(values.slice(skip).map((value) => ({ value }))))
    }
  }
})

test('blocks that are skipped are not decompressed', async () => {
  const compressed = await fileOf(schema, values, { codec: 'deflate' })
  const damaged = Buffer.from(compressed)
  damaged.fill(0xff, 500, 600) // one of the first blocks
  const { values: found, error } = await readAll(objectOf(damaged), 9_000)
  assert.equal(error, undefined)
  assert.equal(found.length, 1_000)
  const first = await readAll(objectOf(damaged))
  assert.ok(first.values.length < 9_000)
  assert.match(messageOf(first.error), /topics\/t\/t\+0\+0\.avro is not a valid Avro file /)
})

test('values arrive in batches of bounded size', async () => {
  const sizes: number[] = []
  for await (const batch of avroReader(defaultAvroData).read(
    objectOf(file),
    0,
    new AbortController().signal,
  )) {
    sizes.push(batch.length)
  }
  assert.ok(Math.max(...sizes) <= 1000, String(sizes))
})

test('a file that is cut off anywhere gives the values before, and one clear error', async () => {
  const small = await fileOf(schema, values.slice(0, 3))
  for (let end = 0; end < small.length; end++) {
    const { values: found, error } = await readAll(objectOf(small.subarray(0, end), 7))
    const afterHeader = error === undefined
    assert.equal(found.length, 0)
    if (afterHeader) continue // cut exactly before the first block: a file without values
    assert.ok(isConnectError(error) && error.code === 'HR_DATA_INVALID', String(error))
    assert.match(error.message, /^The object topics\/t\/t\+0\+0\.avro is not a valid Avro file at byte \d+: /)
  }
  const { values: found, error } = await readAll(objectOf(file.subarray(0, -1)))
  assert.ok(found.length > 5_000 && found.length < 10_000, String(found.length))
  assert.deepEqual(ids(found), ids(values.slice(0, found.length).map((value) => ({ value }))))
  assert.match(messageOf(error), /the file ends inside of a block/)
})

test('no damage of a byte makes reading fail in another way, or hang', async () => {
  const small = await fileOf(schema, values.slice(0, 5))
  for (let at = 0; at < small.length; at++) {
    for (const bits of [0x01, 0x80, 0xff]) {
      const damaged = Buffer.from(small)
      damaged[at] = (damaged[at] as number) ^ bits
      const { error } = await readAll(objectOf(damaged, 64))
      assert.ok(
        error === undefined || (isConnectError(error) && error.code === 'HR_DATA_INVALID'),
        String(error),
      )
    }
  }
})

test('the values of a block before one that is not valid are read', async () => {
  const damaged = Buffer.from(await fileOf(schema, values.slice(0, 5)))
  // the last value: its length of text, behind which 20 bytes and the marker follow
  damaged[damaged.length - 16 - 21] = 0x7f
  const { values: found, error } = await readAll(objectOf(damaged))
  assert.deepEqual(ids(found), [0, 1, 2, 3])
  assert.match(
    messageOf(error),
    /in value 4, in the block at byte \d+: a value goes on beyond the end of its block/,
  )
})

test('a count of values that is too small is found', async () => {
  const [one, two] = [await fileOf(STRING, ['a']), await fileOf(STRING, ['a', 'b'])]
  const at = one.length - 16 - 4 // count, size, value, marker
  const damaged = Buffer.concat([two.subarray(0, at), Buffer.from([2]), two.subarray(at + 1)])
  const { values: found, error } = await readAll(objectOf(damaged))
  assert.equal(found.length, 1)
  assert.match(messageOf(error), /the block has 2 bytes more than its 1 values/)
})

test('what is not an Avro file is refused with what was found', async () => {
  const error = async (content: Buffer) => messageOf((await readAll(objectOf(content))).error)
  assert.match(await error(Buffer.alloc(0)), /at byte 0: it is empty/)
  assert.match(await error(Buffer.from('{"a":1}')), /it starts with the bytes 7b226122, expected 4f626a01/)
  assert.match(await error(Buffer.from('Obj\u0001\u0000'.padEnd(21, 'x'))), /its header has no schema/)
})

test('a compression that is not supported is named', async () => {
  const renamed = Buffer.from(
    (await fileOf(STRING, ['a'])).toString('latin1').replace('\u0008null', '\u000abzip2'),
    'latin1',
  )
  const { error } = await readAll(objectOf(renamed))
  assert.match(messageOf(error), /The compression bzip2 is not supported: there is no maintained library/)
})

test('errors of the storage pass through, and the stream is closed when reading ends early', async () => {
  const away = new ConnectError('HR_RETRIABLE', 'the bucket is away')
  let closed = 0
  const object: ObjectSource = {
    ...objectOf(file),
    async *stream() {
      try {
        yield file.subarray(0, 100_000)
        throw away
      } finally {
        closed++
      }
    },
  }
  const { values: found, error } = await readAll(object)
  assert.ok(found.length > 0)
  assert.equal(error, away)
  for await (const batch of avroReader(defaultAvroData).read(object, 0, new AbortController().signal)) {
    assert.ok(batch.length > 0)
    break
  }
  assert.equal(closed, 2)
})
