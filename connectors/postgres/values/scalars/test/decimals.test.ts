import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Decimal } from '../../../../../api/index.ts'
import { readerOf, readText } from '../../test/columns.ts'
import { decimalAt, rounded, withoutTrailingZeros, withScale } from '../decimals.ts'
import { numericModifier } from '../numeric.ts'

const parse = (text: string) => readText({ read: decimalAt }, text) as Decimal

test('reads short and long numbers exactly', () => {
  for (const text of [
    '0',
    '-1',
    '1.10',
    '-0.001',
    '99999999999999.9',
    '1234567890123456.7',
    `-${'9'.repeat(60)}.25`,
  ]) {
    assert.equal(parse(text).toPlainString(), text)
  }
})

test('refuses NaN and Infinity, and names the setting', () => {
  for (const text of ['NaN', 'Infinity', '-Infinity']) {
    assert.throws(
      () => parse(text),
      new RegExp(`found ${text}; set decimal.handling.mode to string or double`),
    )
  }
})

test('changes the scale if no digit is lost', () => {
  assert.deepEqual(withScale(new Decimal(15n, 1), 3), new Decimal(1500n, 3))
  assert.deepEqual(withScale(new Decimal(1500n, 3), 1), new Decimal(15n, 1))
  assert.deepEqual(withScale(new Decimal(-12300n, 0), -2), new Decimal(-123n, -2))
  assert.throws(() => withScale(new Decimal(15n, 1), 0), /The number 1\.5 has more than 0 fractional digits/)
})

test('removes zeros only from the fraction', () => {
  assert.deepEqual(withoutTrailingZeros(new Decimal(1500n, 3)), new Decimal(15n, 1))
  assert.deepEqual(withoutTrailingZeros(new Decimal(100n, 0)), new Decimal(100n, 0))
  assert.deepEqual(withoutTrailingZeros(new Decimal(1000n, 1)), new Decimal(100n, 0))
  assert.deepEqual(withoutTrailingZeros(new Decimal(0n, 20)), new Decimal(0n, 0))
})

test('rounds half away from zero', () => {
  assert.deepEqual(rounded(new Decimal(-125n, 2), 1), new Decimal(-13n, 1))
  assert.deepEqual(rounded(new Decimal(124n, 2), 1), new Decimal(12n, 1))
})

test('decodes modifiers with scales from -1000 to 1000', () => {
  assert.deepEqual(numericModifier(655366), { precision: 10, scale: 2 })
  assert.deepEqual(numericModifier(329730), { precision: 5, scale: -2 })
  assert.deepEqual(numericModifier(196617), { precision: 3, scale: 5 })
  assert.equal(numericModifier(-1), undefined)
})

test('numbers of any scale have the shortest fraction and the shortest bytes', () => {
  const reader = readerOf('numeric')
  for (const whole of [
    0, 1, 127, 128, 255, 256, 32767, 32768, 8388608, 2147483648, 549755813887, 99999999999999,
  ]) {
    for (const text of [`${whole}`, `-${whole}`, `${whole}.0`]) {
      const value = Buffer.from(new Decimal(BigInt(text.replace('.0', '')), 0).toBytes())
      assert.deepEqual(readText(reader, text), { scale: 0, value }, text)
    }
  }
  assert.deepEqual(readText(reader, '0.00'), { scale: 0, value: Buffer.from([0]) })
  assert.deepEqual(readText(reader, '10.0500'), { scale: 2, value: Buffer.from([3, 0xed]) })
  assert.deepEqual(readText(reader, '1'.padEnd(31, '0')), {
    scale: 0,
    value: new Decimal(10n ** 30n, 0).toBytes(),
  })
  assert.deepEqual(readText(reader, `0.${'0'.repeat(29)}1`), { scale: 30, value: Buffer.from([1]) })
})
