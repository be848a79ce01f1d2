import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Decimal } from '../../../../../api/index.ts'
import { defaults, readText } from '../../test/columns.ts'
import { moneyReader } from '../money.ts'

const inDigits = (moneyFractionDigits: number) => moneyReader({ ...defaults, moneyFractionDigits })
const asText = moneyReader({ ...defaults, decimalMode: 'string' })

test('reads amounts in the formats of many locales', () => {
  const amounts = {
    '$1,234.56': '1234.56',
    '-$1,234,567.80': '-1234567.80',
    '($12.00)': '-12.00',
    '12,34 €': '12.34',
    '-1.234.567,89 €': '-1234567.89',
    '1 234,56 €': '1234.56',
    'CHF 1’234.50': '1234.50',
    'kr. 1.234,00': '1234.00',
    'Rs.0.50': '0.50',
    '¥1,235': '1235',
    '$1.234.567': '1234567',
    '-¥5': '-5',
  }
  for (const [text, amount] of Object.entries(amounts)) assert.equal(readText(asText, text), amount, text)
})

test('three digits after the only separator are a fraction if amounts have three', () => {
  assert.deepEqual(readText(inDigits(3), 'KD 1.234'), new Decimal(1234n, 3))
  assert.deepEqual(readText(inDigits(0), '$1.234'), new Decimal(1234n, 0))
})

test('rounds half away from zero to money.fraction.digits', () => {
  assert.deepEqual(readText(inDigits(1), '$0.25'), new Decimal(3n, 1))
  assert.deepEqual(readText(inDigits(1), '-$0.25'), new Decimal(-3n, 1))
  assert.deepEqual(readText(inDigits(1), '$0.24'), new Decimal(2n, 1))
  assert.deepEqual(readText(inDigits(4), '$0.25'), new Decimal(2500n, 4))
})

test('refuses text without digits', () => {
  assert.throws(() => readText(asText, '$'), /Expected an amount of money but found "\$"/)
})
