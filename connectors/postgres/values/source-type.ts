import type { Column, PgType, RowOrigin, TypeRegistry } from '../ports.ts'

/** A column's type as the PostgreSQL driver for Java describes it. */
export interface SourceType {
  /** Name of the type, such as `int4`, `_int4`, or `serial` in a snapshot. */
  readonly name: string
  /** Length in characters, digits or bits. {@link UNLIMITED} if it is not limited. */
  readonly length: number
  /** Digits of the fraction; undefined if the driver has none. */
  readonly scale: number | undefined
}

/** The length of a type without a limit. */
export const UNLIMITED = 2_147_483_647

const oids = {
  bool: 16,
  char: 18,
  int8: 20,
  int2: 21,
  int4: 23,
  oid: 26,
  float4: 700,
  float8: 701,
  bpchar: 1042,
  varchar: 1043,
  date: 1082,
  time: 1083,
  timestamp: 1114,
  timestamptz: 1184,
  interval: 1186,
  timetz: 1266,
  bit: 1560,
  varbit: 1562,
  numeric: 1700,
} as const

const serialNames: Readonly<Record<string, string>> = {
  int2: 'smallserial',
  int4: 'serial',
  int8: 'bigserial',
}

/** Bytes that a modifier has in addition to a length. */
const HEADER = 4
const MAX_NUMERIC_LENGTH = 131_089

/**
 * Describes a column's type. A snapshot and a stream differ for serial columns and for `numeric` without precision, but not for
 * arrays and domains of it.
 *
 * Source: TypeInfoCache and PgDatabaseMetaData.getColumns of the driver, PostgresType.
 */
export function sourceTypeOf(column: Column, types: TypeRegistry, origin: RowOrigin): SourceType {
  const type = types.get(column.typeOid)
  const name = type === undefined ? '' : sourceTypeName(column, type, origin)
  const { oid, typmod } = baseOf(type, column, types)
  if (type?.oid === oids.numeric && typmod < 0 && origin === 'snapshot') {
    return { name, length: 0, scale: undefined }
  }
  return { name, length: lengthOf(oid, typmod), scale: scaleOf(oid, typmod) }
}

/** Returns the name of a column's type: `serial` and the like in a snapshot, if the default is a sequence. */
export function sourceTypeName(column: Column, type: PgType, origin: RowOrigin): string {
  const isSerial = origin === 'snapshot' && column.defaultExpression?.includes('nextval(') === true
  return (isSerial && Object.hasOwn(serialNames, type.name) ? serialNames[type.name] : undefined) ?? type.name
}

/**
 * Returns the schema parameters of `column.propagate.source.type` and `datatype.propagate.source.type`.
 *
 * Source: PropagateSourceMetadataToSchemaParameter.
 */
export function sourceTypeParameters(
  column: Column,
  types: TypeRegistry,
  origin: RowOrigin,
): Readonly<Record<string, string>> {
  const { name, length, scale } = sourceTypeOf(column, types, origin)
  return {
    '__debezium.source.column.type': name.toUpperCase(),
    '__debezium.source.column.length': String(length),
    ...(scale === undefined ? {} : { '__debezium.source.column.scale': String(scale) }),
    '__debezium.source.column.name': column.name,
  }
}

/** The type whose length counts: of the elements of an array, and of the type below domains. */
function baseOf(type: PgType | undefined, column: Column, types: TypeRegistry) {
  let current = type
  let typmod = column.typmod
  if (current?.kind === 'array') current = types.get(current.elementOid ?? 0)
  while (current?.kind === 'domain') {
    if (typmod < 0) typmod = current.baseTypmod ?? -1
    current = types.get(current.baseOid ?? 0)
  }
  return { oid: current?.oid ?? 0, typmod }
}

function lengthOf(oid: number, typmod: number): number {
  switch (oid) {
    case oids.bool:
    case oids.char:
      return 1
    case oids.int2:
      return 5
    case oids.int4:
    case oids.oid:
      return 10
    case oids.int8:
      return 19
    case oids.float4:
      return 8
    case oids.float8:
      return 17
    case oids.numeric:
      return typmod < 0 ? MAX_NUMERIC_LENGTH : (typmod - HEADER) >>> 16
    case oids.bpchar:
    case oids.varchar:
      return typmod < 0 ? UNLIMITED : typmod - HEADER
    case oids.bit:
      return typmod
    case oids.varbit:
      return typmod < 0 ? UNLIMITED : typmod
    default:
      return displayLengthOf(oid, typmod) ?? UNLIMITED
  }
}

/** The length in characters of a date, time or interval; undefined for other types. */
function displayLengthOf(oid: number, typmod: number): number | undefined {
  switch (oid) {
    case oids.date:
      return 13
    case oids.time:
      return 8 + fractionLengthOf(typmod)
    case oids.timetz:
      return 14 + fractionLengthOf(typmod)
    case oids.timestamp:
      return 22 + fractionLengthOf(typmod)
    case oids.timestamptz:
      return 28 + fractionLengthOf(typmod)
    case oids.interval:
      return 49
    default:
      return undefined
  }
}

/** Characters of a fraction with its point. The driver counts two digits for a precision of one. */
function fractionLengthOf(typmod: number): number {
  if (typmod < 0) return 7
  if (typmod === 0) return 0
  return typmod === 1 ? 3 : typmod + 1
}

function scaleOf(oid: number, typmod: number): number {
  switch (oid) {
    case oids.float4:
      return 8
    case oids.float8:
      return 17
    case oids.numeric:
      return typmod < 0 ? 0 : (typmod - HEADER) & 0xff_ff
    case oids.time:
    case oids.timetz:
    case oids.timestamp:
    case oids.timestamptz:
      return typmod < 0 ? 6 : typmod
    case oids.interval:
      return typmod < 0 ? 6 : typmod & 0xff_ff
    default:
      return 0
  }
}
