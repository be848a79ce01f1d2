import { keyedMap, type Schema } from '../../../../../api/index.ts'
import { corrupt } from '../pages/corrupt.ts'
import { elementOf, isGroup, repeatedOf, type GroupType, type ParquetType } from '../schema/parquet-type.ts'
import type { ColumnCursor } from './column-cursor.ts'

/** Puts values of one type of the schema together from the columns below it. */
export interface Assembler {
  /** Returns the next value. */
  read(): unknown
  /** Moves behind a value that is missing: one entry of each column. */
  skip(): void
  /** The first column, which tells what is present. */
  readonly first: ColumnCursor
}

interface Levels {
  readonly definition: number
  readonly repetition: number
}

type Cursors = Iterator<ColumnCursor>

/** Compiles the assembler of records. `cursors` are those of the columns in order. The schema fits the type. */
export function assemblerOf(schema: Schema, root: GroupType, cursors: readonly ColumnCursor[]): Assembler {
  return structAssembler(schema, root, { definition: 0, repetition: 0 }, cursors.values())
}

function anyAssembler(schema: Schema, type: ParquetType, above: Levels, cursors: Cursors): Assembler {
  if (type.repetition === 'REPEATED') return listAssembler(schema, type, type, above, cursors)
  if (type.repetition === 'REQUIRED') return presentAssembler(schema, type, above, cursors)
  const here = { ...above, definition: above.definition + 1 }
  const { read, skip, first } = presentAssembler(schema, type, here, cursors)
  return {
    first,
    skip,
    read() {
      if (first.definition >= here.definition) return read()
      skip()
      return null
    },
  }
}

function presentAssembler(schema: Schema, type: ParquetType, here: Levels, cursors: Cursors): Assembler {
  if (!isGroup(type)) {
    const cursor = nextOf(cursors)
    return { first: cursor, read: () => cursor.take(), skip: () => cursor.skip() }
  }
  if (schema.type === 'struct') return structAssembler(schema, type, here, cursors)
  const list = repeatedOf(type, 'LIST')
  if (schema.type === 'map') {
    const entry = repeatedOf(type, 'MAP') ?? (list && elementOf(list, type.name))
    return mapAssembler(schema, entry as GroupType, here, cursors)
  }
  return listAssembler(schema, list as ParquetType, elementOf(list as ParquetType, type.name), here, cursors)
}

function structAssembler(schema: Schema, type: GroupType, here: Levels, cursors: Cursors): Assembler {
  const members = type.fields.map((field, at) => {
    const { name, schema: inner } = schema.fields[at] as Schema['fields'][number]
    return { name, ...anyAssembler(inner, field, here, cursors) }
  })
  const first = members[0]?.first
  if (first === undefined) throw corrupt('a struct has no columns')
  // A field with this name would become the prototype.
  const isSafe = members.every(({ name }) => name !== '__proto__')
  return {
    first,
    read() {
      if (!isSafe) return Object.fromEntries(members.map(({ name, read }) => [name, read()]))
      const value: Record<string, unknown> = {}
      for (const member of members) value[member.name] = member.read()
      return value
    },
    skip() {
      for (const member of members) member.skip()
    },
  }
}

function listAssembler(
  schema: Schema,
  repeated: ParquetType,
  elementType: ParquetType,
  above: Levels,
  cursors: Cursors,
): Assembler {
  const here = { definition: above.definition + 1, repetition: above.repetition + 1 }
  const compile = elementType === repeated ? presentAssembler : anyAssembler
  const element = compile(schema.valueSchema as Schema, elementType, here, cursors)
  return repeatedAssembler(element, element.skip, here, (read) => {
    const items: unknown[] = []
    read(() => items.push(element.read()))
    return items
  })
}

function mapAssembler(schema: Schema, entry: GroupType, above: Levels, cursors: Cursors): Assembler {
  const here = { definition: above.definition + 1, repetition: above.repetition + 1 }
  const [keyType, valueType] = entry.fields as readonly [ParquetType, ParquetType]
  const key = anyAssembler(schema.keySchema as Schema, keyType, here, cursors)
  const value = anyAssembler(schema.valueSchema as Schema, valueType, here, cursors)
  const skip = () => {
    key.skip()
    value.skip()
  }
  return repeatedAssembler(key, skip, here, (read) => {
    const entries: [unknown, unknown][] = []
    read(() => entries.push([key.read(), value.read()]))
    return keyedMap(entries)
  })
}

/** Reads what repeats: nothing if it is missing, else once for each entry that continues it. */
function repeatedAssembler(
  { first }: Assembler,
  skip: () => void,
  here: Levels,
  collect: (read: (one: () => void) => void) => unknown,
): Assembler {
  const readAll = (one: () => void): void => {
    if (first.definition < here.definition) return skip()
    do one()
    while (first.repetition === here.repetition)
  }
  return { first, skip, read: () => collect(readAll) }
}

function nextOf(cursors: Cursors): ColumnCursor {
  const { value, done } = cursors.next()
  if (done === true) throw corrupt('there are fewer columns than the schema has')
  return value
}
