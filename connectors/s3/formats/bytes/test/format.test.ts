import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, BYTES, STRING } from '../../../../../api/index.ts'
import { uncompressed } from '../../compression/index.ts'
import { encodeObject } from '../../test/encode-object.ts'
import { byteArrayFormat } from '../index.ts'

test('each value is followed by the separator, and is otherwise unchanged', async () => {
  const format = byteArrayFormat({ extension: '.dat', separator: 'Ü\n' }, uncompressed)
  const bytes = await encodeObject(format, [
    [Buffer.from([0xff, 0]), BYTES],
    [Buffer.from('a')],
    [Buffer.of()],
  ])
  assert.deepEqual(bytes, Buffer.concat([Buffer.of(0xff, 0), Buffer.from('Ü\naÜ\nÜ\n')]))
  assert.equal(format.extension, '.dat')
})

test('without a separator, values follow each other', async () => {
  const format = byteArrayFormat({ extension: '.bin', separator: '' }, uncompressed)
  assert.equal(String(await encodeObject(format, [[Buffer.from('a')], [Buffer.from('b')]])), 'ab')
})

test('anything but bytes is refused', () => {
  const encoder = byteArrayFormat({ extension: '.bin', separator: '\n' }, uncompressed).open(null, () => {})
  for (const [value, schema] of [
    ['a', STRING],
    ['a', null],
    [null, BYTES],
    [[], array(BYTES)],
  ] as const) {
    assert.throws(() => encoder.write(value, schema), { code: 'HR_DATA_INVALID' })
  }
})
