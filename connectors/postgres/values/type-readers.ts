import type { PgType, RowOrigin, TypeRegistry } from '../ports.ts'
import { arrayReader } from './arrays/array-reader.ts'
import type { BaseReader } from './base-reader.ts'
import { byteaReader, unknownReader } from './scalars/binary.ts'
import { bitsReader } from './scalars/bits.ts'
import { float32Reader, float64Reader } from './scalars/floats.ts'
import { geographyReader, geometricText, geometryReader, pointReader } from './scalars/geometry.ts'
import { hstoreReader } from './scalars/hstore.ts'
import { booleanReader, integerReader, oidReader } from './scalars/integers.ts'
import { moneyReader } from './scalars/money.ts'
import { numericReader } from './scalars/numeric.ts'
import { enumReader, literalText, nameReader, semanticText, textReader, uuidReader } from './scalars/text.ts'
import { halfVectorReader, sparseVectorReader, vectorReader } from './scalars/vectors.ts'
import type { ValueSettings } from './settings.ts'
import { temporalReader } from './temporal/temporal-reader.ts'

/** What the reader of a type depends on beside the type. */
export interface ReaderContext {
  readonly settings: ValueSettings
  readonly types: TypeRegistry
  readonly origin: RowOrigin
  /** Whether the column is nullable. */
  readonly optional: boolean
}

type Factory = (typmod: number, context: ReaderContext) => BaseReader

const bitDefault = '00'
const varbitDefault = '0'
const text: Factory = (_, { settings }) => textReader(settings)
const literal: Factory = (_, { settings }) => textReader(settings, { ...literalText, maskable: true })
const json: Factory = (_, { settings }) =>
  textReader(settings, { ...literalText, ...semanticText('Json'), generatedDefault: '{}' })
const unmasked = { maskable: true } as const

/** Types of pg_catalog. */
const builtIn: Readonly<Record<string, Factory>> = {
  bool: () => booleanReader,
  int2: () => integerReader('int16'),
  int4: () => integerReader('int32'),
  int8: () => integerReader('int64'),
  oid: () => oidReader,
  float4: () => float32Reader,
  float8: () => float64Reader,
  numeric: (typmod, { settings }) => numericReader(typmod, settings),
  money: (_, { settings }) => moneyReader(settings),
  bit: (typmod) => bitsReader(typmod, bitDefault),
  varbit: (typmod) => bitsReader(typmod, varbitDefault),
  bytea: (_, { settings }) => byteaReader(settings),
  text: literal,
  varchar: literal,
  bpchar: literal,
  char: (_, { settings }) => textReader(settings, unmasked),
  name: (_, { settings, origin, optional }) =>
    nameReader(settings, origin === 'stream' && optional && !settings.includeUnknownDatatypes),
  uuid: (_, { settings }) => uuidReader(settings),
  json,
  jsonb: json,
  xml: (_, { settings }) => textReader(settings, { ...literalText, ...semanticText('Xml') }),
  tsvector: (_, { settings }) => textReader(settings, { ...semanticText('Tsvector'), requiredElement: true }),
  inet: text,
  cidr: text,
  macaddr: text,
  macaddr8: text,
  int4range: text,
  int8range: text,
  numrange: text,
  tsrange: text,
  tstzrange: text,
  daterange: text,
  point: () => pointReader,
}

/** Types of extensions, which can be in any schema. */
const extensions: Readonly<Record<string, Factory>> = {
  citext: (_, { settings }) => textReader(settings, unmasked),
  ltree: (_, { settings }) => textReader(settings, semanticText('Ltree')),
  isbn: (_, { settings }) => textReader(settings, { requiredElement: true }),
  hstore: (_, { settings }) => hstoreReader(settings),
  geometry: () => geometryReader,
  geography: () => geographyReader,
  vector: () => vectorReader,
  halfvec: () => halfVectorReader,
  sparsevec: () => sparseVectorReader,
}

const geometric: ReadonlySet<string> = new Set(['box', 'circle', 'line', 'lseg', 'path', 'polygon'])
/** Elements whose arrays Debezium omits even if unknown types are included. */
const neverInArrays: ReadonlySet<string> = new Set([
  'money',
  'name',
  'interval',
  'varbit',
  'xml',
  'point',
  'refcursor',
])

/**
 * Returns how values of a type are read, or undefined if they are omitted.
 *
 * Source: PostgresValueConverter. Differs: masks apply to citext, and arrays of bit strings are read.
 */
export function typeReader(type: PgType, typmod: number, context: ReaderContext): BaseReader | undefined {
  if (type.kind === 'domain') return domainReader(type, typmod, context)
  if (type.kind === 'array') return arrayOf(type, typmod, context)
  return scalarReader(type, typmod, context) ?? unsupported(type, context)
}

function scalarReader(
  type: PgType,
  typmod: number,
  context: ReaderContext,
  isElement = false,
): BaseReader | undefined {
  if (type.kind === 'enum') return enumReader(type, context.settings)
  if (type.kind !== 'base' && type.kind !== 'range') return undefined
  const factories = type.schema === 'pg_catalog' ? builtIn : extensions
  if (Object.hasOwn(factories, type.name)) return factories[type.name]!(typmod, context)
  return temporalReader(type, typmod, context.settings, context.origin, isElement)
}

/** Inherits the modifier of the nearest level that has one. Columns of a domain have no default. */
function domainReader(domain: PgType, typmod: number, context: ReaderContext): BaseReader | undefined {
  let root: PgType | undefined = domain
  let modifier = typmod
  while (root?.kind === 'domain') {
    if (modifier < 0) modifier = root.baseTypmod ?? -1
    root = context.types.get(root.baseOid ?? 0)
  }
  if (root === undefined) return unsupported(domain, context)
  const reader = typeReader(root, modifier, context)
  return reader && { ...reader, parseDefault: undefined }
}

function arrayOf(type: PgType, typmod: number, context: ReaderContext): BaseReader | undefined {
  const elementType = context.types.get(type.elementOid ?? 0)
  if (elementType === undefined) return unsupported(type, context)
  if (elementType.schema === 'pg_catalog' && neverInArrays.has(elementType.name)) return undefined
  const element = scalarReader(elementType, typmod, context, true) ?? unsupported(elementType, context)
  return element && arrayReader(elementType, element, context.settings)
}

function unsupported(type: PgType, { settings }: ReaderContext): BaseReader | undefined {
  if (!settings.includeUnknownDatatypes) return undefined
  const change = type.schema === 'pg_catalog' && geometric.has(type.name) ? geometricText : undefined
  return { ...unknownReader(settings, change), requiredElement: true }
}
