import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Header, INT64, STRING } from '../../../../api/index.ts'
import { versionOfHeader } from '../external-versions.ts'
import { sinkRecord } from './records.ts'

const header = (value: unknown, schema: Header['schema'] = null): Header => ({
  key: 'version',
  schema,
  value,
})
const versionOf = (...headers: Header[]) => versionOfHeader('version')(sinkRecord({ headers }))

test('the version is the last header of its name', () => {
  assert.equal(versionOf(header(1), header(123, INT64), { ...header(9), key: 'other' }), 123)
})

test('texts and large integers are versions', () => {
  assert.equal(versionOf(header('42', STRING)), 42)
  assert.equal(versionOf(header('+0')), 0)
  assert.equal(versionOf(header(2n ** 63n - 1n, INT64)), 2n ** 63n - 1n)
})

test('a missing header, another value or one out of range is refused without its value', () => {
  const values = ['not-a-long-CANARY', '', '1.0', '-1', -1, '9223372036854775808', [1], Buffer.from('1')]
  for (const value of values) {
    assert.throws(
      () => versionOf(header(value)),
      (error: Error & { code: string }) =>
        error.code === 'HR_DATA_INVALID' &&
        error.message ===
          "The header 'version' must be the version of the document, an integer of 64 bits from 0" &&
        error.cause === undefined,
    )
  }
  for (const headers of [[], [header(null)]]) {
    assert.throws(() => versionOf(...headers), { code: 'HR_DATA_INVALID', message: /'version'.* is missing/ })
  }
})
