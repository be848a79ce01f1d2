import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BYTES, INT32, struct } from '../../../../../../api/index.ts'
import { parquetFormatWith } from '../../format.ts'
import { parquetReaderWith } from '../../reader.ts'
import { fileOf, memoryObject, readAll } from '../../test/memory-object.ts'

const schema = struct({ id: INT32, data: BYTES }, { name: 'Row' })
const format = parquetFormatWith({
  codec: 'none',
  avroSchemaOf: () =>
    '{"type":"record","name":"Row","fields":[{"name":"id","type":"int"},{"name":"data","type":"bytes"}]}',
})
const reader = parquetReaderWith({ connectSchemaOf: () => schema })
const rows = (count: number, size: number) =>
  Array.from({ length: count }, (_, id) => ({ id, data: Buffer.alloc(size, id) }))

test('a small row group is requested at once', async () => {
  const object = memoryObject(await fileOf(format, schema, rows(1000, 200)))
  assert.equal((await readAll(reader, object)).length, 1000)
  assert.equal(object.ranges.length, 2)
})

test('a large row group is requested in pieces, which are not kept', async () => {
  const object = memoryObject(await fileOf(format, schema, rows(200, 100_000)))
  const iterator = reader.read(object, 0, new AbortController().signal)[Symbol.asyncIterator]()
  await iterator.next()
  const sizes = object.ranges.map(([start, end]) => end - start)
  assert.ok(sizes.every((size) => size <= 2 * 1024 * 1024))
  assert.ok(sizes.reduce((sum, size) => sum + size, 0) < 4 * 1024 * 1024)
  await iterator.return?.()
  const values = (await readAll(reader, object)).map(({ value }) => value)
  assert.deepEqual(values, rows(200, 100_000))
})

test('a value that is larger than a piece is read', async () => {
  const object = memoryObject(await fileOf(format, schema, rows(3, 5_000_000)))
  const values = (await readAll(reader, object)).map(({ value }) => value)
  assert.deepEqual(values, rows(3, 5_000_000))
})

test('batches have at most 500 values', async () => {
  const object = memoryObject(await fileOf(format, schema, rows(1200, 1)))
  const sizes: number[] = []
  for await (const batch of reader.read(object, 10, new AbortController().signal)) sizes.push(batch.length)
  assert.deepEqual(sizes, [490, 500, 200])
})
