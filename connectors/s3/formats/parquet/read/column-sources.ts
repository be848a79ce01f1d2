import type { Schema } from '../../../../../api/index.ts'
import { valueSourceOf, type ValueSource } from '../pages/value-source.ts'
import { elementOf, isGroup, repeatedOf, type GroupType, type ParquetType } from '../schema/parquet-type.ts'

/** Names of the types that a union has in a file. */
const MEMBER = /^member\d+$/

/**
 * Returns how to read each column of a file as a part of a Connect schema; undefined if the schema is not that of the file.
 */
export function columnSourcesOf(schema: Schema, root: GroupType): readonly ValueSource[] | undefined {
  const sources: ValueSource[] = []
  return collectStruct(schema, root, sources) ? sources : undefined
}

type Found = ValueSource[]

function collect(schema: Schema | null, type: ParquetType, found: Found): boolean {
  if (schema === null) return false
  if (type.repetition !== 'REPEATED') return collectPresent(schema, type, found)
  return schema.type === 'array' && collectElement(schema.valueSchema, type, found)
}

function collectPresent(schema: Schema, type: ParquetType, found: Found): boolean {
  if (!isGroup(type)) {
    const source = valueSourceOf(schema, type)
    if (source !== undefined) found.push(source)
    return source !== undefined
  }
  if (schema.type === 'struct') return collectStruct(schema, type, found)
  const list = repeatedOf(type, 'LIST')
  const element = list && elementOf(list, type.name)
  if (schema.type === 'map') return collectEntry(schema, repeatedOf(type, 'MAP') ?? element, found)
  if (schema.type !== 'array' || list === undefined || element === undefined) return false
  return element === list
    ? collectElement(schema.valueSchema, element, found)
    : collect(schema.valueSchema, element, found)
}

/** The element of a list that has no level of its own. */
function collectElement(schema: Schema | null, type: ParquetType, found: Found): boolean {
  return schema !== null && collectPresent(schema, type, found)
}

function collectEntry(
  { keySchema, valueSchema }: Schema,
  entry: ParquetType | undefined,
  found: Found,
): boolean {
  if (entry === undefined || !isGroup(entry)) return false
  const [key, value, ...more] = entry.fields
  if (key === undefined || value === undefined || more.length > 0) return false
  return collect(keySchema, key, found) && collect(valueSchema, value, found)
}

function collectStruct(schema: Schema, { fields }: GroupType, found: Found): boolean {
  if (schema.type !== 'struct' || schema.fields.length !== fields.length || fields.length === 0) return false
  return schema.fields.every(({ name, schema: inner }, at) => {
    const field = fields[at] as ParquetType
    return (field.name === name || MEMBER.test(field.name)) && collect(inner, field, found)
  })
}
