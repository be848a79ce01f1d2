import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parquetMetadata } from 'hyparquet'
import { BYTES, INT32, struct } from '../../../../../../api/index.ts'
import { parquetSchemaOf } from '../../schema/from-avro.ts'
import { leavesOf } from '../../schema/parquet-type.ts'
import { ParquetEncoder } from '../encoder.ts'
import { shredderOf } from '../shredder.ts'

const schema = struct({ id: INT32, data: BYTES }, { name: 'Row' })
const root = parquetSchemaOf(
  '{"type":"record","name":"Row","fields":[{"name":"id","type":"int"},{"name":"data","type":"bytes"}]}',
  false,
)

interface Opened {
  readonly encoder: ParquetEncoder
  readonly parts: Buffer[]
}

function opened(compress: ((bytes: Buffer) => Promise<Buffer>) | null = null): Opened {
  const parts: Buffer[] = []
  const output = (bytes: Buffer) => void parts.push(bytes)
  const options = { root, leaves: leavesOf(root), shredder: shredderOf(schema, root), metadata: { a: 'b' } }
  return { encoder: new ParquetEncoder({ ...options, codec: 0, compress }, output), parts }
}

const metadataOf = (parts: readonly Buffer[]) => parquetMetadata(Buffer.concat(parts))
const row = (id: number, size = 10) => ({ id, data: Buffer.alloc(size, id) })

test('a file without values is complete', async () => {
  const { encoder, parts } = opened()
  await encoder.release()
  assert.equal(parts.length, 0)
  await encoder.end()
  const { num_rows: rows, row_groups: groups, key_value_metadata: pairs, created_by: by } = metadataOf(parts)
  assert.deepEqual([rows, groups, pairs], [0n, [], [{ key: 'a', value: 'b' }]])
  assert.match(by ?? '', /^headrace version \d/)
  assert.equal(Buffer.concat(parts).toString('latin1', 0, 4), 'PAR1')
})

test('nothing is passed to the output before it is asked for', async () => {
  const { encoder, parts } = opened()
  for (let id = 0; id < 100; id++) encoder.write(row(id, 100_000))
  assert.equal(parts.length, 0)
  assert.ok(encoder.heldBytes >= 10_000_000)
  await encoder.release()
  assert.ok(encoder.heldBytes < 10_000)
  assert.ok(Buffer.concat(parts).length >= 10_000_000)
})

test('after a release, an object holds what its footer will contain of its row groups, and counts it', async () => {
  const { encoder, parts } = opened()
  const kept: number[] = []
  for (let group = 0; group < 100; group++) {
    encoder.write(row(group))
    assert.ok(encoder.heldBytes > encoder.keptBytes)
    await encoder.release()
    assert.equal(encoder.heldBytes, encoder.keptBytes)
    kept.push(encoder.keptBytes)
  }
  assert.ok(kept[0] !== undefined && kept[0] < 500)
  const before = Buffer.concat(parts).length
  await encoder.end()
  const footer = Buffer.concat(parts).length - before
  assert.ok((kept.at(-1) ?? 0) > footer * 0.9, `${kept.at(-1)} bytes for a footer of ${footer}`)
  assert.equal(metadataOf(parts).row_groups.length, 100)
})

test('a release ends a row group, but not one without values', async () => {
  const { encoder, parts } = opened()
  encoder.write(row(1))
  await encoder.release()
  await encoder.release()
  encoder.write(row(2))
  encoder.write(row(3))
  await encoder.end()
  assert.deepEqual(
    metadataOf(parts).row_groups.map(({ num_rows: rows }) => rows),
    [1n, 2n],
  )
})

test('a row group ends at 64 MiB', async () => {
  const { encoder, parts } = opened()
  for (let id = 0; id < 160; id++) encoder.write(row(id, 1 << 20))
  await encoder.end()
  assert.deepEqual(
    metadataOf(parts).row_groups.map(({ num_rows: rows }) => Number(rows)),
    [64, 64, 32],
  )
})

test('full pages are compressed while values arrive', async () => {
  let calls = 0
  const { encoder, parts } = opened(async () => {
    calls++
    return Buffer.from('packed')
  })
  for (let id = 0; id < 32; id++) encoder.write(row(id, 100_000))
  assert.equal(calls, 2)
  await encoder.end()
  const [group] = metadataOf(parts).row_groups
  const data = group?.columns[1]?.meta_data
  assert.ok((data?.total_uncompressed_size ?? 0n) > 3_200_000n)
  assert.ok((data?.total_compressed_size ?? 0n) < 1000n)
})

test('a failure of the compression fails the release, and no earlier', async () => {
  const { encoder } = opened(() => Promise.reject(new Error('no memory')))
  for (let id = 0; id < 32; id++) encoder.write(row(id, 20_000))
  await assert.rejects(encoder.release(), /no memory/)
})

test('the metadata has bounds, and numbers of nulls and values', async () => {
  const { encoder, parts } = opened()
  for (const id of [5, -3, 7]) encoder.write(row(id))
  await encoder.end()
  const about = metadataOf(parts).row_groups[0]?.columns[0]?.meta_data
  assert.deepEqual(
    [
      about?.statistics?.min_value,
      about?.statistics?.max_value,
      about?.statistics?.null_count,
      about?.num_values,
    ],
    [-3, 7, 0n, 3n],
  )
})
