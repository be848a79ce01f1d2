import type { Column, ColumnReader, PgType, RowOrigin, TypeRegistry } from '../../ports.ts'
import { columnReader } from '../column-reader.ts'
import type { ValueSettings } from '../settings.ts'

const builtIn = [
  'bool bytea char name int8 int2 int4 text oid json xml point lseg path box polygon line cidr float4 float8 circle',
  'macaddr8 money macaddr inet bpchar varchar date time timestamp timestamptz interval timetz bit varbit numeric',
  'refcursor uuid tsvector tsquery jsonb pg_lsn txid_snapshot',
].flatMap((line) => line.split(' '))
const ranges = ['int4range', 'numrange', 'tsrange', 'tstzrange', 'daterange', 'int8range']
const extensions = [
  'hstore',
  'ltree',
  'citext',
  'isbn',
  'geometry',
  'geography',
  'vector',
  'halfvec',
  'sparsevec',
]

/** Object identifiers of PostgreSQL that lengths and times depend on. */
const knownOids: Readonly<Record<string, number>> = {
  int8: 20,
  int2: 21,
  int4: 23,
  bpchar: 1042,
  varchar: 1043,
  date: 1082,
  time: 1083,
  timestamp: 1114,
  timestamptz: 1184,
  interval: 1186,
  timetz: 1266,
  numeric: 1700,
}

/** Types of a database with the extensions, some types of its own, and an array type for each. */
const types = new Map<number, PgType>()
const byName = new Map<string, PgType>()

function addType(type: Omit<PgType, 'oid'>): number {
  const oid = knownOids[type.name] ?? 10_000 + types.size
  const added = { ...type, oid }
  types.set(oid, added)
  byName.set(type.name, added)
  return oid
}

function addWithArray(type: Omit<PgType, 'oid'>): number {
  const elementOid = addType(type)
  addType({ name: `_${type.name}`, schema: type.schema, kind: 'array', elementOid })
  return elementOid
}

for (const name of builtIn) addWithArray({ name, schema: 'pg_catalog', kind: 'base' })
for (const name of ranges) addWithArray({ name, schema: 'pg_catalog', kind: 'range' })
for (const name of extensions) addWithArray({ name, schema: 'public', kind: 'base' })
addType({ name: 'int4multirange', schema: 'pg_catalog', kind: 'multirange' })
addWithArray({ name: 'mood', schema: 'public', kind: 'enum', labels: ['sad', 'ok', 'with,comma'] })
addWithArray({ name: 'Mood', schema: 'Other', kind: 'enum', labels: ['x'] })
addWithArray({ name: 'comp', schema: 'public', kind: 'composite' })
const int4 = typeNamed('int4').oid
const dnum = addWithArray({
  name: 'dnum',
  schema: 'public',
  kind: 'domain',
  baseOid: typeNamed('numeric').oid,
  baseTypmod: numeric(10, 3),
})
addType({ name: 'dnum2', schema: 'public', kind: 'domain', baseOid: dnum, baseTypmod: -1 })
addType({ name: 'posint', schema: 'public', kind: 'domain', baseOid: int4, baseTypmod: -1 })

export const registry: TypeRegistry = types

export function typeNamed(name: string): PgType {
  const type = byName.get(name)
  if (type === undefined) throw new Error(`no type ${name}`)
  return type
}

/** The modifier of numeric(precision, scale). */
export function numeric(precision: number, scale: number): number {
  return ((precision << 16) | (scale & 0x7ff)) + 4
}

export const defaults: ValueSettings = {
  timePrecisionMode: 'adaptive',
  decimalMode: 'precise',
  binaryMode: 'bytes',
  hstoreMode: 'json',
  intervalMode: 'numeric',
  moneyFractionDigits: 2,
  placeholder: Buffer.from('test'),
  includeUnknownDatatypes: false,
  convertingFailureMode: 'fail',
  now: () => 0,
  warn: () => {},
  maskOf: () => undefined,
  propagatesSourceType: () => false,
}

export interface ColumnOptions extends Partial<Column> {
  readonly settings?: Partial<ValueSettings>
  readonly origin?: RowOrigin
}

/** The reader of a nullable column `public.t.c` of the type, or undefined if it is omitted. */
export function omittedOrReader(typeName: string, options: ColumnOptions = {}): ColumnReader | undefined {
  const { settings, origin = 'stream', ...more } = options
  const column: Column = {
    name: 'c',
    number: 1,
    typeOid: typeNamed(typeName).oid,
    typmod: -1,
    optional: true,
    defaultExpression: null,
    comment: null,
    generated: false,
    ...more,
  }
  return columnReader(
    column,
    { schema: 'public', table: 't' },
    registry,
    { ...defaults, ...settings },
    origin,
  )
}

export function readerOf(typeName: string, options: ColumnOptions = {}): ColumnReader {
  const reader = omittedOrReader(typeName, options)
  if (reader === undefined) throw new Error(`columns of type ${typeName} are omitted`)
  return reader
}

/** Reads a cell that is surrounded by other bytes. */
export function readText(reader: Pick<ColumnReader, 'read'>, text: string): unknown {
  const cell = Buffer.from(text)
  const bytes = Buffer.concat([Buffer.from('{"'), cell, Buffer.from('9"\\')])
  return reader.read(bytes, 2, 2 + cell.length)
}
