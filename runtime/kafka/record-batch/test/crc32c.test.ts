import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32c, crc32cByTables } from '../crc32c.ts'

const implementations = { 'the package': crc32c, 'tables': crc32cByTables }

for (const [by, checksum] of Object.entries(implementations)) {
  test(`the checksum by ${by} is CRC-32C`, () => {
    const digits = Buffer.from('123456789')

    assert.equal(checksum(digits, 0, digits.length), 0xe3069283)
    assert.equal(checksum(Buffer.alloc(32), 0, 32), 0x8a9136aa)
    assert.equal(checksum(Buffer.alloc(32, 0xff), 0, 32), 0x62a8ab43)
    assert.equal(checksum(digits, 0, 0), 0)
  })
}

test('the checksum covers only the given range, at any position and of any length', () => {
  const text = Buffer.from('a part of a longer text')
  for (let start = 0; start < 9; start++) {
    for (let end = start; end <= text.length; end++) {
      const part = Buffer.from(text.subarray(start, end))
      assert.equal(crc32c(text, start, end), crc32cByTables(part, 0, part.length))
    }
  }
})
