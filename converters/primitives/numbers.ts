import {
  ConnectError,
  isBoxedInteger,
  isFloat32,
  isFloat64,
  OPTIONAL_FLOAT32,
  OPTIONAL_FLOAT64,
  OPTIONAL_INT16,
  OPTIONAL_INT32,
  OPTIONAL_INT64,
  int64,
  type Converter,
  type Schema,
  type SchemaAndValue,
} from '../../api/index.ts'
import { javaClassOf } from '../../java/index.ts'
import { converterCatalog } from '../catalog.ts'
import { converterTypeConfig } from './converter-type.ts'

/** The differences between the number converters. */
interface NumberFormat {
  /** Name of the type in error messages. */
  readonly word: string
  readonly javaClass: string
  readonly size: number
  readonly schema: Schema
  write(bytes: Buffer, value: number | bigint): void
  read(bytes: Buffer): number | bigint
}

const formats: Readonly<Record<'short' | 'integer' | 'long' | 'float' | 'double', NumberFormat>> = {
  short: {
    word: 'short',
    javaClass: 'java.lang.Short',
    size: 2,
    schema: OPTIONAL_INT16,
    write: (bytes, value) => bytes.writeInt16BE(Number(value)),
    read: (bytes) => bytes.readInt16BE(),
  },
  integer: {
    word: 'integer',
    javaClass: 'java.lang.Integer',
    size: 4,
    schema: OPTIONAL_INT32,
    write: (bytes, value) => bytes.writeInt32BE(Number(value)),
    read: (bytes) => bytes.readInt32BE(),
  },
  long: {
    word: 'long',
    javaClass: 'java.lang.Long',
    size: 8,
    schema: OPTIONAL_INT64,
    write: (bytes, value) => bytes.writeBigInt64BE(BigInt(value)),
    read: (bytes) => int64(bytes.readBigInt64BE()),
  },
  float: {
    word: 'float',
    javaClass: 'java.lang.Float',
    size: 4,
    schema: OPTIONAL_FLOAT32,
    write: (bytes, value) => bytes.writeFloatBE(Number(value)),
    read: (bytes) => bytes.readFloatBE(),
  },
  double: {
    word: 'double',
    javaClass: 'java.lang.Double',
    size: 8,
    schema: OPTIONAL_FLOAT64,
    write: (bytes, value) => bytes.writeDoubleBE(Number(value)),
    read: (bytes) => bytes.readDoubleBE(),
  },
}

/**
 * Serializes numbers of one type as big-endian bytes. Source: NumberConverter.
 *
 * A number without a schema is a Long, or a Double if it has a fraction.
 */
function numberConverter(format: NumberFormat, entry: NumberEntry): Converter<typeof converterTypeConfig> {
  const nothing: SchemaAndValue = Object.freeze({ schema: format.schema, value: null })
  const fromConnect = (schema: Schema | null, value: unknown): Buffer | null => {
    if (value === null || value === undefined) return null
    const found = javaClassOf(value, schema)
    if (found !== format.javaClass) throw refused(format, found)
    const bytes = Buffer.alloc(format.size)
    try {
      format.write(bytes, plain(value))
    } catch (cause) {
      throw refused(format, found, cause)
    }
    return bytes
  }
  const toConnect = (bytes: Buffer | null): SchemaAndValue => {
    if (bytes === null) return nothing
    if (bytes.length === format.size) return { schema: format.schema, value: format.read(bytes) }
    const cause = new RangeError(`expected ${format.size} bytes, found ${bytes.length}`)
    throw new ConnectError('HR_DATA_INVALID', `Failed to deserialize ${format.word}: `, { cause })
  }
  return {
    ...entry,
    config: converterTypeConfig,
    create: () => ({
      fromConnect: (_topic, schema, value) => fromConnect(schema, value),
      toConnect: (_topic, bytes) => toConnect(bytes),
      fromConnectHeader: (_topic, _key, schema, value) => fromConnect(schema, value),
      toConnectHeader: (_topic, _key, bytes) => toConnect(bytes),
    }),
  }
}

type NumberEntry = (typeof converterCatalog)['short' | 'integer' | 'long' | 'float' | 'double']

function plain(value: unknown): number | bigint {
  return isBoxedInteger(value) || isFloat64(value) || isFloat32(value)
    ? value.value
    : (value as number | bigint)
}

function refused({ word }: NumberFormat, found: string, cause?: unknown): ConnectError {
  const message = `Failed to serialize to ${word} (was class ${found}): `
  return new ConnectError('HR_DATA_INVALID', message, cause === undefined ? {} : { cause })
}

/** Serializes int16 values as two bytes, big-endian. Source: ShortConverter. */
export const shortConverter = numberConverter(formats.short, converterCatalog.short)
/** Serializes int32 values as four bytes, big-endian. Source: IntegerConverter. */
export const integerConverter = numberConverter(formats.integer, converterCatalog.integer)
/** Serializes int64 values as eight bytes, big-endian. Source: LongConverter. */
export const longConverter = numberConverter(formats.long, converterCatalog.long)
/** Serializes float32 values as four bytes, big-endian. Source: FloatConverter. */
export const floatConverter = numberConverter(formats.float, converterCatalog.float)
/** Serializes float64 values as eight bytes, big-endian. Source: DoubleConverter. */
export const doubleConverter = numberConverter(formats.double, converterCatalog.double)
