import { ConnectError, isPlainObject, type Schema } from '../../../../../api/index.ts'
import type { LeafColumn } from '../columns/leaf-column.ts'
import {
  elementOf,
  isGroup,
  repeatedOf,
  type GroupType,
  type ParquetType,
  type PrimitiveType,
} from '../schema/parquet-type.ts'
import { valueRuleOf } from './value-rule.ts'

/** The columns of an object, in order. */
export type Columns = readonly LeafColumn[]

/** Splits values of one type of the schema into the columns below it. All objects of the schema share it. */
export interface Shredder {
  /** Whether a value can be written. Nulls can if the type is optional. */
  fits(value: unknown): boolean
  /** Says what is wrong with a value that does not fit. */
  misfit(value: unknown, path: string): string | undefined
  /** Writes a value that fits. `repetition` is the level of the outermost list whose next element it begins. */
  write(value: unknown, repetition: number, columns: Columns): void
  /** Writes that the value is missing because only the first `definition` types above are present. */
  writeMissing(repetition: number, definition: number, columns: Columns): void
}

/** Number of types above that may be missing, and that repeat. */
interface Levels {
  readonly definition: number
  readonly repetition: number
}

/**
 * Compiles the shredder of a schema.
 *
 * Source: Dremel's record shredding; AvroWriteSupport for the shapes of lists, maps and unions.
 */
export function shredderOf(schema: Schema, root: GroupType): Shredder {
  return structShredder(schema, root, { definition: 0, repetition: 0 }, { next: 0 })
}

/** Numbers the columns from left to right. */
interface Numbering {
  next: number
}

function anyShredder(schema: Schema, type: ParquetType, above: Levels, numbering: Numbering): Shredder {
  if (type.repetition === 'REQUIRED') return presentShredder(schema, type, above, numbering)
  const here = { ...above, definition: above.definition + 1 }
  const present = presentShredder(schema, type, here, numbering)
  return {
    fits: (value) => value === null || value === undefined || present.fits(value),
    misfit: (value, path) =>
      value === null || value === undefined ? undefined : present.misfit(value, path),
    write(value, repetition, columns) {
      if (value === null || value === undefined) present.writeMissing(repetition, above.definition, columns)
      else present.write(value, repetition, columns)
    },
    writeMissing: present.writeMissing,
  }
}

/** The shredder of values that are not null. `here` includes the type itself. */
function presentShredder(schema: Schema, type: ParquetType, here: Levels, numbering: Numbering): Shredder {
  if (!isGroup(type)) return leafShredder(schema, type, numbering.next++)
  const list = repeatedOf(type, 'LIST')
  const entry = repeatedOf(type, 'MAP') ?? (list && elementOf(list, type.name))
  if (schema.type === 'struct') return structShredder(schema, type, here, numbering)
  if (schema.type === 'array' && list !== undefined) {
    return arrayShredder(schema, type, list, here, numbering)
  }
  if (schema.type === 'map' && entry !== undefined && isGroup(entry)) {
    return mapShredder(schema, entry, here, numbering)
  }
  throw new ConnectError(
    'HR_DATA_INVALID',
    `Field "${type.name}" with the schema ${schema.toString()} has no Parquet type`,
  )
}

function leafShredder(schema: Schema, type: PrimitiveType, column: number): Shredder {
  const { fits, expected, toPhysical } = valueRuleOf(schema, type)
  return {
    fits,
    misfit: (value, path) =>
      fits(value) ? undefined : `${path} must be ${expected}, but is ${described(value)}`,
    write: (value, repetition, columns) => (columns[column] as LeafColumn).add(toPhysical(value), repetition),
    writeMissing: (repetition, definition, columns) =>
      (columns[column] as LeafColumn).addNull(repetition, definition),
  }
}

interface Member {
  readonly name: string
  readonly defaultValue: unknown
  readonly shredder: Shredder
}

/** Fields that are missing have their default. Source: Struct.get. */
function structShredder(schema: Schema, type: GroupType, here: Levels, numbering: Numbering): Shredder {
  const members: readonly Member[] = schema.fields.map(({ name, schema: field }, at) => ({
    name,
    defaultValue: field.defaultValue,
    shredder: anyShredder(field, type.fields[at] as ParquetType, here, numbering),
  }))
  const read = (value: unknown, { name, defaultValue }: Member): unknown =>
    (value as Readonly<Record<string, unknown>>)[name] ?? defaultValue
  return {
    fits(value) {
      if (!isPlainObject(value)) return false
      for (const member of members) if (!member.shredder.fits(read(value, member))) return false
      return true
    },
    misfit(value, path) {
      if (!isPlainObject(value)) return `${path} must be a struct, but is ${described(value)}`
      return firstOf(members, (member) =>
        member.shredder.misfit(read(value, member), path === '' ? member.name : `${path}.${member.name}`),
      )
    },
    write(value, repetition, columns) {
      for (const member of members) member.shredder.write(read(value, member), repetition, columns)
    },
    writeMissing(repetition, definition, columns) {
      for (const { shredder } of members) shredder.writeMissing(repetition, definition, columns)
    },
  }
}

function arrayShredder(
  schema: Schema,
  type: GroupType,
  repeated: ParquetType,
  above: Levels,
  numbering: Numbering,
): Shredder {
  const here = { definition: above.definition + 1, repetition: above.repetition + 1 }
  const elementType = elementOf(repeated, type.name)
  const compile = elementType === repeated ? presentShredder : anyShredder
  const element = compile(schema.valueSchema as Schema, elementType, here, numbering)
  return {
    fits(value) {
      if (!Array.isArray(value)) return false
      for (const item of value) if (!element.fits(item)) return false
      return true
    },
    misfit(value, path) {
      if (!Array.isArray(value)) return `${path} must be an array, but is ${described(value)}`
      return firstOf(value as unknown[], (item, at) => element.misfit(item, `${path}[${at}]`))
    },
    write(value, repetition, columns) {
      const items = value as readonly unknown[]
      if (items.length === 0) element.writeMissing(repetition, above.definition, columns)
      let level = repetition
      for (const item of items) {
        element.write(item, level, columns)
        level = here.repetition
      }
    },
    writeMissing: element.writeMissing,
  }
}

/** Maps are repeated entries; those with keys that are not strings are lists of them. */
function mapShredder(schema: Schema, entry: GroupType, above: Levels, numbering: Numbering): Shredder {
  const here = { definition: above.definition + 1, repetition: above.repetition + 1 }
  const [keyType, valueType] = entry.fields as readonly [ParquetType, ParquetType]
  const key = anyShredder(schema.keySchema as Schema, keyType, here, numbering)
  const item = anyShredder(schema.valueSchema as Schema, valueType, here, numbering)
  const writeMissing: Shredder['writeMissing'] = (repetition, definition, columns) => {
    key.writeMissing(repetition, definition, columns)
    item.writeMissing(repetition, definition, columns)
  }
  return {
    fits(value) {
      if (!(value instanceof Map)) return false
      for (const [k, v] of value as Map<unknown, unknown>) if (!key.fits(k) || !item.fits(v)) return false
      return true
    },
    misfit(value, path) {
      if (!(value instanceof Map)) return `${path} must be a map, but is ${described(value)}`
      const entries = [...(value as Map<unknown, unknown>)]
      return firstOf(
        entries,
        ([k, v]) => key.misfit(k, `a key of ${path}`) ?? item.misfit(v, `a value of ${path}`),
      )
    },
    write(value, repetition, columns) {
      const entries = value as ReadonlyMap<unknown, unknown>
      if (entries.size === 0) writeMissing(repetition, above.definition, columns)
      let level = repetition
      for (const [k, v] of entries) {
        key.write(k, level, columns)
        item.write(v, level, columns)
        level = here.repetition
      }
    },
    writeMissing,
  }
}

function firstOf<T>(
  items: readonly T[],
  find: (item: T, at: number) => string | undefined,
): string | undefined {
  for (const [at, item] of items.entries()) {
    const found = find(item, at)
    if (found !== undefined) return found
  }
  return undefined
}

/** Says what kind of value was found, without its content. */
function described(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value !== 'object') return `a ${typeof value}`
  return `a ${value.constructor?.name ?? 'struct'}`
}
