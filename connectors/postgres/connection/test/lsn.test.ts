import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatLsn, parseLsn, readLsn, writeLsn } from '../lsn.ts'

test('an LSN is parsed and printed as PostgreSQL prints it', () => {
  assert.equal(parseLsn('16/B374D848'), 0x16 * 2 ** 32 + 0xb374d848)
  for (const text of ['0/0', '16/B374D848', '0/1', '1/0', 'FFFFF/FFFFFFFF']) {
    assert.equal(formatLsn(parseLsn(text)), text)
  }
  assert.equal(parseLsn('0/0000002a'), 42)
})

test('text that is not an LSN is rejected', () => {
  for (const text of ['', '16', '16/', '/1', '16/B374D8480', '16/XYZ', ' 0/1']) {
    assert.throws(() => parseLsn(text), { code: 'HR_DATA_INVALID', message: /expected a form such as/ })
  }
})

test('an LSN is written and read as 8 bytes in network order', () => {
  const bytes = Buffer.alloc(10)
  writeLsn(bytes, 1, parseLsn('16/B374D848'))
  assert.equal(bytes.toString('hex'), '0000000016b374d84800')
  assert.equal(readLsn(bytes, 1), parseLsn('16/B374D848'))
})
