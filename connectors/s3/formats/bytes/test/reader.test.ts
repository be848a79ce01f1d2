import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BYTES } from '../../../../../api/index.ts'
import { compressionNamed, uncompressed } from '../../compression/index.ts'
import { encodeObject } from '../../test/encode-object.ts'
import { objectOf, readObject, valuesOf } from '../../test/read-object.ts'
import { byteArrayFormat, byteArrayReader, type BytesLayout } from '../index.ts'

const object = objectOf(Buffer.from('ab--c----d'), 3)
const read = async (layout: BytesLayout, skip = 0) =>
  (await valuesOf(byteArrayReader(uncompressed, layout), object, skip)).map(String)

test('values end with the separator, have one size, or are the whole object', async () => {
  const separated: BytesLayout = { kind: 'separated', separator: Buffer.from('--'), mostBytes: 100 }
  assert.deepEqual(await read(separated), ['ab', 'c', '', 'd'])
  assert.deepEqual(await read(separated, 2), ['', 'd'])
  assert.deepEqual(await read({ kind: 'fixed', size: 4 }), ['ab--', 'c---', '-d'])
  assert.deepEqual(await read({ kind: 'whole', mostBytes: 100 }), ['ab--c----d'])
  assert.deepEqual(await read({ kind: 'whole', mostBytes: 100 }, 1), [])
})

test('a value that is too large is refused', async () => {
  const { error } = await readObject(byteArrayReader(uncompressed, { kind: 'whole', mostBytes: 5 }), object)
  assert.match(String(error), /record 1: it is longer than 5 bytes/)
})

test('what the sink writes comes back, with every compression', async () => {
  const values = Array.from({ length: 3000 }, (_, at) => Buffer.from(`${at}`.repeat(at % 50)))
  for (const name of ['none', 'gzip', 'snappy', 'zstd'] as const) {
    const compression = compressionNamed(name)
    const format = byteArrayFormat({ extension: '.bin', separator: '\n' }, compression)
    const bytes = await encodeObject(
      format,
      values.map((value) => [value, BYTES] as const),
    )
    const reader = byteArrayReader(compression, {
      kind: 'separated',
      separator: Buffer.from('\n'),
      mostBytes: 1000,
    })
    const { read: rows } = await readObject(reader, objectOf(bytes, 1021))
    assert.deepEqual(
      rows,
      values.map((value) => ({ schema: BYTES, value })),
    )
  }
})
