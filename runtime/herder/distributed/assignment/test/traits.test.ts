import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeMetadata, encodeMetadata, protocolVersions } from '../protocol.ts'
import { decodeTraits, encodeTraits, type WorkerTraits } from '../traits.ts'

const traits: WorkerTraits = {
  version: '1.2.3',
  tags: new Map([['zone', 'a'], ['disk', 'ssd']]), // prettier-ignore
  connectors: new Set(['a.B', 'B']),
}
const metadata = { url: 'u', offset: 7, allocation: null, traits }

test('traits are only in the metadata of the protocol headrace', () => {
  for (const [name, version] of Object.entries(protocolVersions)) {
    const read = decodeMetadata(encodeMetadata(metadata, version))
    assert.deepEqual(read.traits, name === 'headrace' ? traits : undefined)
  }
})

test('the metadata of a later version is read: a higher number, unknown traits, and bytes at the end', () => {
  const later = JSON.stringify({ ...fields(), features: ['more'], tags: { zone: 'a' } })
  const bytes = Buffer.concat([
    Buffer.from('00090001750000000000000007ffffffff', 'hex'), // version 9, URL u, offset 7, no assignment
    lengthOf(later),
    Buffer.from(later),
    Buffer.from('0102030405', 'hex'),
  ])

  const read = decodeMetadata(bytes)
  assert.deepEqual([read.url, read.offset, read.allocation], ['u', 7, null])
  assert.deepEqual(read.traits, { ...traits, tags: new Map([['zone', 'a']]) })
})

for (const [what, text] of [
  ['no JSON', '\u0000\u0001'],
  ['no object', '7'],
  ['fields of other types', '{"version":1,"tags":7,"connectors":"a"}'],
] as const) {
  test(`traits that are ${what} are empty, so that they prevent no assignment`, () => {
    const read = decodeTraits(Buffer.from(text))
    assert.deepEqual(read, { version: '', tags: new Map(), connectors: new Set() })
  })
}

const fields = () => JSON.parse(encodeTraits(traits).toString()) as object

function lengthOf(text: string): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(Buffer.byteLength(text))
  return bytes
}
