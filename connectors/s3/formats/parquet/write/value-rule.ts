import {
  ConnectError,
  dateToDays,
  decimalScale,
  fitsType,
  isDecimal,
  logicalNames,
  MS_PER_DAY,
  type Decimal,
  type Schema,
} from '../../../../../api/index.ts'
import type { Physical } from '../columns/value-kinds.ts'
import type { PrimitiveType } from '../schema/parquet-type.ts'

/** How values of a Connect schema become those of a column. */
export interface ValueRule {
  /** Whether a value that is not null can be written. */
  fits(value: unknown): boolean
  /** What `fits` expects, for messages. */
  readonly expected: string
  toPhysical(value: unknown): Physical
}

const MIN_INT64 = -(2n ** 63n)
const MAX_INT64 = 2n ** 63n - 1n
const MAX_DAYS = 2 ** 31

const inRange = (low: number, high: number) => (value: unknown) =>
  typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high

const asIs = (value: unknown): Physical => value as Physical

const dateOf = (value: unknown): number => (value instanceof Date ? value.getTime() : Number.NaN)

const plain: Readonly<Partial<Record<Schema['type'], ValueRule>>> = {
  int8: { fits: inRange(-128, 127), expected: 'an 8-bit integer', toPhysical: asIs },
  int16: { fits: inRange(-32_768, 32_767), expected: 'a 16-bit integer', toPhysical: asIs },
  int32: { fits: inRange(-2_147_483_648, 2_147_483_647), expected: 'a 32-bit integer', toPhysical: asIs },
  int64: {
    fits: (value) =>
      Number.isSafeInteger(value) || (typeof value === 'bigint' && value >= MIN_INT64 && value <= MAX_INT64),
    expected: 'a 64-bit integer',
    toPhysical: asIs,
  },
  float32: { fits: (value) => typeof value === 'number', expected: 'a number', toPhysical: asIs },
  float64: { fits: (value) => typeof value === 'number', expected: 'a number', toPhysical: asIs },
  boolean: { fits: (value) => typeof value === 'boolean', expected: 'a boolean', toPhysical: asIs },
  string: { fits: (value) => typeof value === 'string', expected: 'a string', toPhysical: asIs },
  bytes: { fits: (value) => value instanceof Uint8Array, expected: 'bytes', toPhysical: asIs },
}

const logical: Readonly<Record<string, ValueRule>> = {
  [logicalNames.date]: {
    fits: (value) => dateOf(value) % MS_PER_DAY === 0 && Math.abs(dateOf(value)) < MAX_DAYS * MS_PER_DAY,
    expected: 'a Date without a time of day',
    toPhysical: (value) => dateToDays(value as Date),
  },
  [logicalNames.time]: {
    fits: (value) => dateOf(value) >= 0 && dateOf(value) <= MS_PER_DAY,
    expected: 'a Date on 1970-01-01',
    toPhysical: (value) => (value as Date).getTime(),
  },
  [logicalNames.timestamp]: {
    fits: (value) => !Number.isNaN(dateOf(value)),
    expected: 'a valid Date',
    toPhysical: (value) => (value as Date).getTime(),
  },
}

/** Returns the rule for a column. Throws `HR_DATA_INVALID` if its type cannot hold values of the schema. */
export function valueRuleOf(schema: Schema, type: PrimitiveType): ValueRule {
  if (schema.name === logicalNames.decimal) return decimalRule(schema, type)
  const rule = (schema.name === null ? undefined : logical[schema.name]) ?? plain[schema.type]
  if (rule === undefined) {
    const message = `Field "${type.name}" with the schema ${schema.toString()} does not fit the Parquet type ${type.physical}`
    throw new ConnectError('HR_DATA_INVALID', message)
  }
  if (type.physical !== 'FIXED_LEN_BYTE_ARRAY') return rule
  return {
    ...rule,
    fits: (value) => rule.fits(value) && (value as Uint8Array).length === type.length,
    expected: `${type.length} bytes`,
  }
}

function decimalRule(schema: Schema, { physical, length }: PrimitiveType): ValueRule {
  const scale = decimalScale(schema)
  const fixed = physical === 'FIXED_LEN_BYTE_ARRAY'
  const widest = 1n << BigInt(length * 8 - 1)
  const fitsLength = ({ unscaled }: Decimal) => !fixed || (unscaled < widest && unscaled >= -widest)
  return {
    fits: (value) =>
      fitsType(schema, value) && isDecimal(value) && value.scale === scale && fitsLength(value),
    expected: `a Decimal with scale ${scale}${fixed ? ` of at most ${length} bytes` : ''}`,
    toPhysical: (value) => {
      const bytes = (value as Decimal).toBytes()
      return fixed ? extended(bytes, length) : bytes
    },
  }
}

/** Extends a big-endian number to a length, with its sign. */
function extended(bytes: Buffer, length: number): Buffer {
  if (bytes.length === length) return bytes
  const wide = Buffer.alloc(length, (bytes[0] ?? 0) >= 0x80 ? 0xff : 0)
  bytes.copy(wide, length - bytes.length)
  return wide
}
