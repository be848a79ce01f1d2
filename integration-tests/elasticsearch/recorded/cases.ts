import {
  array,
  dateSchema,
  Decimal,
  decimalSchema,
  describe,
  INT64,
  INT8,
  logicalNames,
  makeSchema,
  map,
  primitive,
  type Schema,
  STRING,
  struct,
  timeSchema,
  timestampSchema,
} from '../../../api/index.ts'
import { jsonWithSchemas } from './json.ts'

/** A record, and settings. */
export interface DocumentCase {
  readonly compactMapEntries: boolean
  readonly schemaIgnore: boolean
  readonly dataStream: boolean
  readonly timestampFields: readonly string[]
  /** JSON with a schema. */
  readonly value: string
  readonly key: string
}

const CASES = 250
const MS_PER_DAY = 86_400_000

/** Random numbers from 0 to 1, the same in each run. Source: Mulberry32. */
let state = 15
function random(): number {
  state = (state + 0x6d2b79f5) | 0
  let bits = Math.imul(state ^ (state >>> 15), 1 | state)
  bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
  return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
}

const chance = (probability: number): boolean => random() < probability
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
const upTo = (limit: number): number => Math.floor(random() * (limit + 1))

/** Returns the cases, without those whose results differ on purpose. */
export function documentCases(): DocumentCase[] {
  const cases: DocumentCase[] = []
  while (cases.length < CASES) {
    const schema = structSchema(0)
    const value = valueOf(schema) as Record<string, unknown>
    const dataStream = chance(0.3)
    const timestampFields = dataStream && chance(0.5) ? ['f0', 'f1'] : []
    if (timestampFields.some((name) => (value[name] ?? null) === null)) continue
    const [keySchema, key] = pick<readonly [Schema, unknown]>(keys)
    cases.push({
      compactMapEntries: chance(0.5),
      schemaIgnore: chance(0.2),
      dataStream,
      timestampFields,
      value: envelope(schema, value),
      key: envelope(keySchema, key),
    })
  }
  return cases
}

const keys: readonly (readonly [Schema, unknown])[] = [
  [STRING, 'key'],
  [STRING, 'ü😀"\\'],
  [STRING, ''],
  [INT64, 2n ** 60n],
  [INT8, -7],
]

const envelope = (schema: Schema, value: unknown): string =>
  String(jsonWithSchemas.fromConnect('t', schema, value))

const primitives = [
  'int8',
  'int16',
  'int32',
  'int64',
  'float32',
  'float64',
  'boolean',
  'string',
  'bytes',
] as const
const simpleTypes = [...primitives, 'decimal', 'date', 'time', 'timestamp'] as const
const types = [...simpleTypes, 'array', 'map', 'struct'] as const

function structSchema(depth: number, more: object = {}): Schema {
  const fields = Array.from({ length: 1 + upTo(4) }, (_, at): readonly [string, Schema] => {
    const name = chance(0.05) ? '@timestamp' : chance(0.1) ? 'odd "näme"' : `f${at}`
    return [name, anySchema(depth + 1, true)]
  })
  return struct([...new Map(fields)], more)
}

function anySchema(depth: number, mayHaveDefault: boolean): Schema {
  const optional = chance(0.3)
  const schema = schemaOf(pick(depth < 3 ? types : simpleTypes), depth, { optional })
  const isSimple = schema.type !== 'array' && schema.type !== 'map' && schema.type !== 'struct'
  if (!isSimple || !mayHaveDefault || !chance(0.15)) return schema
  const defaultValue = valueOf(makeSchema({ ...describe(schema), optional: false }))
  return makeSchema({ ...describe(schema), defaultValue })
}

function schemaOf(type: (typeof types)[number], depth: number, more: { readonly optional: boolean }): Schema {
  switch (type) {
    case 'decimal':
      return decimalSchema(pick([0, 2, 10]), more)
    case 'date':
      return dateSchema(more)
    case 'time':
      return timeSchema(more)
    case 'timestamp':
      return timestampSchema(more)
    case 'array':
      return array(anySchema(depth + 1, false), more)
    case 'map':
      return map(pick([STRING, STRING, INT64]), anySchema(depth + 1, false), more)
    case 'struct':
      return structSchema(depth, more)
    default:
      return primitive(type, chance(0.1) ? { ...more, name: 'example.Named' } : more)
  }
}

const texts = ['', 'a', 'ünï', '😀 x', '"q"\\', 'line\nbreak', '\u2028\u0001', '2021-05-14T11:11:22.000Z']
const floats = [0, 1, 1.5, 1e10, 1e21, 1e-7, 123_456_789.125, 0.1, 3.4e38, 5e-324, 1e7, 9_999_999.5]
const longs = [2n ** 62n, -9_007_199_254_740_993n, 12, 2 ** 53 - 1]
const unscaled = [0n, 2n, -12_345n, 10n ** 30n, 150n, 99_999_999_999_999_999n]

function valueOf(schema: Schema): unknown {
  if (schema.optional && chance(0.25)) return null
  return logicalValue(schema) ?? plainValue(schema)
}

function logicalValue({ name, parameters }: Schema): unknown {
  switch (name) {
    case logicalNames.decimal:
      return new Decimal(pick(unscaled), Number(parameters?.['scale']))
    case logicalNames.date:
      return new Date(MS_PER_DAY * (upTo(30_000) - 5000))
    case logicalNames.time:
      return new Date(upTo(MS_PER_DAY - 1))
    case logicalNames.timestamp:
      return new Date(upTo(2e12) - 1e11)
    default:
      return undefined
  }
}

function plainValue(schema: Schema): unknown {
  switch (schema.type) {
    case 'float32':
      return Math.fround(pick(floats))
    case 'float64':
      return pick(floats)
    case 'boolean':
      return chance(0.5)
    case 'string':
      return pick(texts)
    case 'bytes':
      return Buffer.from(pick(texts))
    case 'int64':
      return pick(longs)
    case 'array':
      return Array.from({ length: upTo(2) }, () => valueOf(schema.valueSchema!))
    case 'map':
      // One entry at most: those of Java's maps have no order
      return new Map(chance(0.7) ? [[valueOf(schema.keySchema!), valueOf(schema.valueSchema!)]] : [])
    case 'struct':
      return Object.fromEntries(schema.fields.map((field) => [field.name, valueOf(field.schema)]))
    default:
      return pick([0, -128, 127])
  }
}
