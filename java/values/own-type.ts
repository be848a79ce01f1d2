import {
  BoxedInteger,
  type BoxedIntegerType,
  Float32,
  Float64,
  isFloat32,
  schemalessFloat,
} from '../../api/numbers/index.ts'
import type { Schema } from '../../api/data/schema.ts'

type Numeric = Exclude<BoxedIntegerType, 'biginteger'> | 'float32' | 'float64'

/**
 * Converts a value of schema `from` for use under schema `to`. Numbers whose type differs from that of `to` are boxed,
 * so that they keep their type, even in nested lists and maps.
 */
export function ofOwnType(value: unknown, from: Schema | null, to: Schema | null): unknown {
  if (from === to) return value
  if (typeof value === 'number' || typeof value === 'bigint') return numberFor(value, from, to)
  if (isFloat32(value) && to?.type === 'float32') return value.value
  const [fromItem, toItem] = [from?.valueSchema ?? null, to?.valueSchema ?? null]
  if (Array.isArray(value)) return value.map((item) => ofOwnType(item, fromItem, toItem))
  if (!(value instanceof Map)) return value
  const [fromKey, toKey] = [from?.keySchema ?? null, to?.keySchema ?? null]
  return new Map(
    [...(value as ReadonlyMap<unknown, unknown>)].map(
      ([key, item]) => [ofOwnType(key, fromKey, toKey), ofOwnType(item, fromItem, toItem)] as const,
    ),
  )
}

function numberFor(value: number | bigint, from: Schema | null, to: Schema | null): unknown {
  const type = from === null ? smallestType(value) : (from.type as Numeric)
  if (type === to?.type) return value
  if (type === 'float32') return new Float32(Number(value))
  if (type === 'float64') return to === null ? schemalessFloat(Number(value)) : new Float64(Number(value))
  return to === null ? value : new BoxedInteger(type, value)
}

/** Returns the type that {@link parseValueText} infers for a number. */
function smallestType(value: number | bigint): Numeric {
  if (typeof value === 'number' && !Number.isInteger(value)) return 'float64'
  for (const [type, bits] of SIZES) if (BigInt.asIntN(bits, BigInt(value)) === BigInt(value)) return type
  return 'int64'
}

const SIZES = [
  ['int8', 8],
  ['int16', 16],
  ['int32', 32],
] as const
