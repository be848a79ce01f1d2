import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  array,
  INT32,
  INT64,
  isConnectError,
  messageOf,
  STRING,
  struct,
  type Schema,
} from '../../../../../../api/index.ts'
import { avroFormat, defaultAvroData, writableCodec } from '../../index.ts'
import { objectOf, readAll } from '../../test/files.ts'

function opened(schema: Schema | null, codec: 'null' | 'deflate' = 'null') {
  const chunks: Buffer[] = []
  const encoder = avroFormat({ ...defaultAvroData, codec }).open(schema, (bytes) => chunks.push(bytes))
  const values = async () => (await readAll(objectOf(Buffer.concat(chunks)))).values.map(({ value }) => value)
  return { encoder, chunks, values }
}

const schema = struct({ id: INT32, names: array(STRING) }, { name: 'n.R' })

test('a value that cannot be written leaves the file as it was, and the error names the field', async () => {
  const { encoder, values } = opened(schema)
  encoder.write({ id: 1, names: ['a'] }, schema)
  const held = encoder.heldBytes
  const wrong: readonly (readonly [unknown, RegExp])[] = [
    [{ id: 'x', names: [] }, /for field: "id"/],
    [{ id: 2 ** 31, names: [] }, /for field: "id"/],
    [{ id: 1, names: ['b', 7] }, /element of array field: "names"/],
    [{ id: 1 }, /null used for required field: "names"/],
    [[], /Invalid Java object/],
    [null, /null/],
  ]
  for (const [value, expected] of wrong) {
    assert.throws(
      () => encoder.write(value, schema),
      (error: unknown) => {
        return isConnectError(error) && error.code === 'HR_DATA_INVALID' && expected.test(error.message)
      },
    )
  }
  assert.equal(encoder.heldBytes, held)
  encoder.write({ id: 2, names: [] }, schema)
  await encoder.end()
  assert.deepEqual(await values(), [
    { id: 1, names: ['a'] },
    { id: 2, names: [] },
  ])
})

test('a file has one schema', () => {
  const { encoder } = opened(schema)
  const other = struct({ id: INT32 }, { name: 'n.S' })
  const refused = /Mismatching schema: the Avro file has Schema\{n\.R:STRUCT\}, the value another one, /
  assert.throws(() => encoder.write({ id: 1 }, other), refused)
  assert.throws(() => encoder.write({ id: 1 }, null), refused)
  assert.throws(() => opened(null).encoder.write(1, INT32), /has no schema, the value another one/)
  assert.throws(() => opened(null).encoder.write(null, null), /A null without a schema cannot be written/)
})

test('a schema that Avro cannot represent is refused when the file is opened', () => {
  assert.throws(
    () => opened(struct({ 'order-id': INT32 })),
    /The name 'order-id' of a field is not valid in Avro/,
  )
})

test('full blocks are passed on while values are added; release passes on the rest', async () => {
  for (const codec of ['null', 'deflate'] as const) {
    const { encoder, chunks, values } = opened(INT64, codec)
    let most = 0
    for (let value = 0; value < 100_000; value++) {
      encoder.write(value, INT64)
      most = Math.max(most, encoder.heldBytes)
      if (value % 5000 === 0) await encoder.release()
    }
    assert.ok(most < 200_000, `${most} bytes`)
    await encoder.release()
    assert.equal(encoder.heldBytes, 0)
    const before = chunks.length
    await encoder.release()
    assert.equal(chunks.length, before)
    await encoder.end()
    assert.equal((await values()).length, 100_000)
  }
})

test('bytes are passed to the output only during a call', async () => {
  const { encoder, chunks } = opened(STRING, 'deflate')
  encoder.write('x'.repeat(100_000), STRING)
  await new Promise(setImmediate)
  assert.equal(chunks.length, 0)
  assert.ok(encoder.heldBytes > 0)
  await encoder.release()
  assert.ok(chunks.length > 0)
})

test('a file without values has a header', async () => {
  const { encoder, chunks, values } = opened(schema)
  await encoder.end()
  assert.deepEqual(await values(), [])
  assert.match(Buffer.concat(chunks).toString('latin1'), /^Obj\u0001/)
})

test('a value that is larger than a block is a block of its own', async () => {
  const { encoder, values } = opened(STRING)
  const large = 'x'.repeat(5_000_000)
  for (const value of ['a', large, 'b']) encoder.write(value, STRING)
  await encoder.end()
  assert.deepEqual(await values(), ['a', large, 'b'])
})

test('compressions that cannot be written are refused with what to use instead', () => {
  assert.equal(writableCodec('snappy'), 'snappy')
  assert.throws(() => writableCodec('bzip2'), /avro\.codec: .*no maintained library; use deflate or snappy/)
  assert.throws(
    () => writableCodec('zip'),
    (error) => /Unknown/.test(messageOf(error)),
  )
})
