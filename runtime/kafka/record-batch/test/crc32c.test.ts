import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32c } from '../crc32c.ts'

test('the checksum is CRC-32C', () => {
  const digits = Buffer.from('123456789')

  assert.equal(crc32c(digits, 0, digits.length), 0xe3069283)
  assert.equal(crc32c(Buffer.alloc(32), 0, 32), 0x8a9136aa)
  assert.equal(crc32c(Buffer.alloc(32, 0xff), 0, 32), 0x62a8ab43)
  assert.equal(crc32c(digits, 0, 0), 0)
})

test('the checksum covers only the given range, at any position and of any length', () => {
  const text = Buffer.from('a part of a longer text')
  for (let start = 0; start < 9; start++) {
    for (let end = start; end <= text.length; end++) {
      const part = Buffer.from(text.subarray(start, end))
      assert.equal(crc32c(text, start, end), crc32c(part, 0, part.length))
    }
  }
})
