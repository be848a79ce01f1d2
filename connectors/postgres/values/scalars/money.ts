import { ConnectError, Decimal, logicalNames } from '../../../../api/index.ts'
import type { BaseReader } from '../base-reader.ts'
import type { ValueSettings } from '../settings.ts'
import { rounded } from './decimals.ts'

/** From the first digit to the last one: a currency symbol can contain a point too. */
const AMOUNT = /\d(?:.*\d)?/

/**
 * Amounts as the server prints them in its locale (`lc_monetary`), such as `-$1,234.56` or `1.234,56 €`. Fields have no
 * default.
 *
 * Source: PostgresValueConverter.convertMoney. Differs: Debezium reads only amounts with the separators of English.
 */
export function moneyReader({ decimalMode, moneyFractionDigits: digits }: ValueSettings): BaseReader {
  const amountAt = (bytes: Buffer, start: number, end: number): Decimal =>
    amount(bytes.toString('utf8', start, end), digits)
  const zero = new Decimal(0n, digits)
  switch (decimalMode) {
    case 'double':
      return {
        schema: { type: 'float64' },
        read: (bytes, start, end) => amountAt(bytes, start, end).toNumber(),
        unavailable: null,
        zero: 0,
      }
    case 'string':
      return {
        schema: { type: 'string' },
        read: (bytes, start, end) => amountAt(bytes, start, end).toPlainString(),
        unavailable: null,
        zero: zero.toPlainString(),
      }
    case 'precise':
      return {
        schema: {
          type: 'bytes',
          name: logicalNames.decimal,
          version: 1,
          parameters: { scale: String(digits) },
        },
        read: (bytes, start, end) => rounded(amountAt(bytes, start, end), digits),
        unavailable: null,
        zero,
      }
  }
}

function amount(text: string, fractionDigits: number): Decimal {
  const digits = AMOUNT.exec(text)?.[0]
  if (digits === undefined) {
    throw new ConnectError('HR_DATA_INVALID', `Expected an amount of money but found "${text}"`)
  }
  const point = decimalPoint(digits, fractionDigits)
  const fraction = point < 0 ? '' : digits.slice(point + 1)
  const whole = (point < 0 ? digits : digits.slice(0, point)).replace(/\D/g, '')
  const unscaled = BigInt(whole + fraction)
  const negative = text.includes('-') || text.includes('(')
  return new Decimal(negative ? -unscaled : unscaled, fraction.length)
}

/**
 * Where the fraction begins: at the last separator, unless it separates thousands. That is so if it occurs twice, or if
 * three digits follow the only separator in a currency without three fractional digits.
 */
function decimalPoint(digits: string, fractionDigits: number): number {
  const point = Math.max(digits.lastIndexOf('.'), digits.lastIndexOf(','))
  if (point < 0) return -1
  const before = digits.slice(0, point)
  if (before.includes(digits[point]!)) return -1
  const onlySeparator = /^\d+$/.test(before)
  const threeFollow = digits.length - point - 1 === 3
  return onlySeparator && threeFollow && fractionDigits !== 3 ? -1 : point
}
