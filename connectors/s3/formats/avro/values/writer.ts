import { fitsType, isPlainObject, type Schema } from '../../../../../api/index.ts'
import { isUnion } from '../schema/names.ts'
import { isMapEntry, type AvroNode, type EnumNode, type RecordNode } from '../schema/nodes.ts'
import { fixedWriter, invalid, primitiveWriter, wrongType } from './primitive-writer.ts'
import { writeAnything } from './schemaless-writer.ts'
import { fieldsWriter } from './struct-code.ts'
import type { Write } from './tap.ts'
import { writeText } from './texts.ts'

/**
 * Compiles the function that writes values of a Connect schema as the Avro type that `avroNode` returns for it.
 *
 * Source: AvroData.fromConnectData. Differs: entries of maps are written in the order of the map.
 */
export function writerOf(schema: Schema | null, node: AvroNode): Write {
  if (schema === null) return writeAnything
  if (isUnion(schema)) return unionWriter(schema, node)
  if (node.type !== 'union') return notNull(baseWriter(schema, node))
  const at = node.branches.findIndex(({ type }) => type !== 'null')
  const write = baseWriter(schema, node.branches[at] as AvroNode)
  return (tap, value) => {
    if (value === null || value === undefined) return tap.writeInt(1 - at)
    tap.writeInt(at)
    write(tap, value)
  }
}

function notNull(write: Write): Write {
  return (tap, value) => {
    if (value === null || value === undefined) throw invalid('Found null value for non-optional schema')
    write(tap, value)
  }
}

function baseWriter(schema: Schema, node: AvroNode): Write {
  switch (node.type) {
    case 'record':
      return structWriter(schema, node)
    case 'array':
      return isMapEntry(node.items) && schema.type === 'map'
        ? entriesWriter(schema, node.items)
        : arrayWriter(schema, node.items)
    case 'map':
      return mapWriter(schema, node.values)
    case 'enum':
      return enumWriter(schema, node)
    case 'fixed':
      return fixedWriter(schema, node.size)
    default:
      return primitiveWriter(schema)
  }
}

function enumWriter(schema: Schema, { symbols, name }: EnumNode): Write {
  const indexes = new Map(symbols.map((symbol, index) => [symbol, index]))
  return (tap, value) => {
    if (typeof value !== 'string') throw wrongType(schema, value)
    const index = indexes.get(value)
    if (index === undefined)
      throw invalid(`'${value}' is not a symbol of the enum ${name}: ${symbols.join(', ')}`)
    tap.writeInt(index)
  }
}

function arrayWriter(schema: Schema, items: AvroNode): Write {
  const write = writerOf(schema.valueSchema, items)
  return (tap, value) => {
    if (!Array.isArray(value)) throw wrongType(schema, value)
    if (value.length > 0) tap.writeLong(value.length)
    for (const item of value) write(tap, item)
    tap.writeInt(0)
  }
}

function mapWriter(schema: Schema, values: AvroNode): Write {
  const write = writerOf(schema.valueSchema, values)
  return (tap, value) => {
    if (!(value instanceof Map)) throw wrongType(schema, value)
    if (value.size > 0) tap.writeLong(value.size)
    for (const [key, item] of value) {
      if (typeof key !== 'string') throw invalid(`A map with string keys has the key ${String(key)}`)
      writeText(tap, key)
      write(tap, item)
    }
    tap.writeInt(0)
  }
}

function entriesWriter(schema: Schema, { fields: [key, item] }: RecordNode): Write {
  const writeKey = writerOf(schema.keySchema, (key as RecordNode['fields'][number]).node)
  const writeItem = writerOf(schema.valueSchema, (item as RecordNode['fields'][number]).node)
  return (tap, value) => {
    if (!(value instanceof Map)) throw wrongType(schema, value)
    if (value.size > 0) tap.writeLong(value.size)
    for (const entry of value) {
      writeKey(tap, entry[0])
      writeItem(tap, entry[1])
    }
    tap.writeInt(0)
  }
}

function structWriter(schema: Schema, node: RecordNode): Write {
  const fields = schema.fields.map(({ name, schema: { defaultValue }, index, schema: type }) => {
    const write = writerOf(type, (node.fields[index] as RecordNode['fields'][number]).node)
    return { name, write, defaultValue }
  })
  const writeFields = fieldsWriter(fields)
  return (tap, value) => {
    if (!isPlainObject(value)) throw wrongType(schema, value)
    writeFields(tap, value)
  }
}

/** The value of a union is that of the first field that is not null. */
function unionWriter(schema: Schema, node: AvroNode): Write {
  const branches = node.type === 'union' ? node.branches : []
  const first = schema.optional ? 1 : 0
  const members = schema.fields.map(({ name, schema: type }, index) => {
    const branch = branches[index + first] as AvroNode
    return { name, index: index + first, defaultValue: type.defaultValue, write: baseWriter(type, branch) }
  })
  return (tap, value) => {
    if (value !== null && value !== undefined && !fitsType(schema, value)) throw wrongType(schema, value)
    const struct = (value ?? {}) as Readonly<Record<string, unknown>>
    for (const { name, index, defaultValue, write } of members) {
      const item = (Object.hasOwn(struct, name) ? struct[name] : null) ?? defaultValue
      if (item === null || item === undefined) continue
      tap.writeInt(index)
      return write(tap, item)
    }
    if (first === 0) throw invalid('Found null value for non-optional schema')
    tap.writeInt(0)
  }
}
