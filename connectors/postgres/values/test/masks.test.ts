import { strict as assert } from 'node:assert'
import { createHash } from 'node:crypto'
import { test } from 'node:test'

import { columnMask, hashAlgorithmFault } from '../masks.ts'
import type { MaskRule } from '../settings.ts'

const text = { schema: { type: 'string' }, maskable: true } as const
const json = { schema: { type: 'string', name: 'io.debezium.data.Json' } } as const
const int = { schema: { type: 'int32' } } as const

const sha256 = (version: 1 | 2): MaskRule => ({ kind: 'hash', algorithm: 'SHA-256', salt: 'pepper', version })
const truncate = (length: number): MaskRule => ({ kind: 'truncate', length })

test('a mask replaces texts and null with asterisks', () => {
  const { parameters, apply } = columnMask({ kind: 'mask', length: 5 }, text, 40)
  assert.deepEqual(parameters, { masked: 'true' })
  assert.deepEqual([apply?.('hidden'), apply?.(null)], ['*****', '*****'])
  assert.equal(columnMask({ kind: 'mask', length: 0 }, text, 40).apply?.('hidden'), '')
})

test('a hash of version 1 is that of the serialized Java string, cut to the length of the column', () => {
  const { parameters, apply } = columnMask(sha256(1), text, 40)
  assert.deepEqual(parameters, { masked: 'true' })
  assert.equal(apply?.('first name'), '27e1a6865bfaee1616af19c7eefdfa915b1ff873')
  assert.equal(apply?.('third person'), '558cc9e8821c9a067c8ed9669cf62afb1da74f00')
  assert.equal(apply?.('žluťoučký kůň'), '4f8317093de1b9007035aee0062a2cd291706992')
  assert.equal(apply?.(null), null)
})

test('a hash of version 2 is that of the UTF-8 bytes', () => {
  const { apply } = columnMask(sha256(2), text, 20)
  assert.equal(apply?.('xx'), 'f0ca3932eb89e345af15')
  assert.equal(apply?.('x'), '232069a0ae43819cace8')
  assert.equal(apply?.(''), '8cbbcf29d9cef89675c5')
})

test('a hash of a column without length is complete', () => {
  assert.equal(String(columnMask(sha256(2), text, undefined).apply?.('x')).length, 64)
  assert.equal(String(columnMask(sha256(2), text, 2_147_483_647).apply?.('x')).length, 64)
})

test('serialized strings have a long header above 65535 bytes, and surrogates of three bytes', () => {
  const sha1 = (...parts: readonly (Buffer | string)[]) => {
    const hash = createHash('sha1')
    for (const part of parts) hash.update(part)
    return hash.digest('hex')
  }
  const { apply } = columnMask({ kind: 'hash', algorithm: 'SHA-1', salt: 's', version: 1 }, text, 0)
  const header = Buffer.from('aced0005', 'hex')
  const long = 'a'.repeat(65_536)
  assert.equal(apply?.(long), sha1('s', header, Buffer.from('7c0000000000010000', 'hex'), long))
  const limit = 'a'.repeat(65_535)
  assert.equal(apply?.(limit), sha1('s', header, Buffer.from('74ffff', 'hex'), limit))
  const surrogates = Buffer.from('74000961c3a9eda0bdedb880', 'hex')
  assert.equal(apply?.('aé\u{1f600}'), sha1('s', header, surrogates))
})

test('masks and hashes mark all columns but change only texts', () => {
  for (const rule of [{ kind: 'mask', length: 3 } as const, sha256(1)]) {
    assert.deepEqual(columnMask(rule, int, 10), { parameters: { masked: 'true' }, apply: undefined })
    assert.deepEqual(columnMask(rule, json, undefined), { parameters: { masked: 'true' }, apply: undefined })
  }
})

test('truncation cuts strings of all types and bytea, but not null', () => {
  const { parameters, apply } = columnMask(truncate(2), text, 12)
  assert.deepEqual(parameters, { truncateLength: '2' })
  assert.deepEqual([apply?.('abc         '), apply?.('d '), apply?.(null)], ['ab', 'd ', null])
  assert.equal(columnMask(truncate(2), json, undefined).apply?.('{"a":1}'), '{"')
  const bytea = { schema: { type: 'bytes' } } as const
  assert.deepEqual(columnMask(truncate(2), bytea, undefined).apply?.(Buffer.from('abc')), Buffer.from('ab'))
})

test('truncation does nothing to a column that is short enough', () => {
  assert.deepEqual(columnMask(truncate(12), text, 12), { parameters: {}, apply: undefined })
})

test('truncation marks other types without changing them', () => {
  const bits = { schema: { type: 'bytes', name: 'io.debezium.data.Bits' } } as const
  assert.deepEqual(columnMask(truncate(2), int, 10), {
    parameters: { truncateLength: '2' },
    apply: undefined,
  })
  assert.equal(columnMask(truncate(2), bits, 24).apply, undefined)
})

test('digests have the names of Java, in any case', () => {
  const known = ['MD5', 'SHA-1', 'SHA', 'sha-256', 'SHA-384', 'SHA-512', 'SHA-512/256', 'SHA3-256']
  for (const name of known) {
    assert.equal(hashAlgorithmFault(name), undefined, name)
    assert.ok(columnMask({ kind: 'hash', algorithm: name, salt: '', version: 2 }, text, 0).apply?.('x'))
  }
})

test('an unknown digest is a fault of the configuration', () => {
  for (const name of ['SHA256', 'crc32', '']) {
    assert.match(String(hashAlgorithmFault(name)), /^Unknown hash algorithm '.*SHA-256/)
  }
  const rule: MaskRule = { kind: 'hash', algorithm: 'crc32', salt: 'secret', version: 1 }
  assert.throws(
    () => columnMask(rule, text, 0),
    (error: Error & { code?: string }) =>
      error.code === 'HR_CONFIG_INVALID' && !error.message.includes('secret'),
  )
})
