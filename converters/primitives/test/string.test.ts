import assert from 'node:assert/strict'
import { test } from 'node:test'
import { STRING } from '../../../api/index.ts'
import { textCodec, utf8Text } from '../text-codecs.ts'
import { stringConverter } from '../string.ts'

test('charsets are found by each of their Java names, and by no other name', () => {
  for (const name of ['cp1252', 'Cp1252', 'windows-1252'])
    assert.deepEqual(textCodec(name)?.encode('€'), Buffer.from([0x80]), name)
  for (const name of ['ISO-8859-9', 'iso8859_9', '8859_9', 'latin5'])
    assert.equal(textCodec(name)?.decode(Buffer.from([0x85, 0xfd]), 0, 2), '\u0085ı', name)
  for (const name of ['utf_8', 'ISO-8859-16', 'ISO-8859-10', 'none'])
    assert.equal(textCodec(name), undefined, name)
})

test('an unmapped byte is decoded as a replacement character', () => {
  assert.equal(textCodec('windows-1255')?.decode(Buffer.from([0x41, 0x81]), 0, 2), 'A\ufffd')
})

test('an encoded surrogate is decoded as one replacement character', () => {
  const read = (...bytes: number[]) => utf8Text(Buffer.from(bytes))
  assert.equal(read(0xed, 0xa0, 0x80), '\ufffd')
  assert.equal(read(0x41, 0xed, 0xa0, 0xe2), 'A\ufffd\ufffd')
  assert.equal(read(0xed, 0x9f, 0xbf), '\ud7ff')
  assert.equal(read(0xc3, 0xa9, 0xff), 'é\ufffd')
})

test('the default encoding is UTF-8', () => {
  const create = stringConverter.create as (
    config: object,
    role: string,
  ) => ReturnType<typeof stringConverter.create>
  const converter = create({ 'converter.type': 'value', 'converter.encoding': null }, 'value')
  assert.equal(converter.fromConnect('t', STRING, 'é'), 'é')
})
