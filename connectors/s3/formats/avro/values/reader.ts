import { keyedMap, type Schema } from '../../../../../api/index.ts'
import { isUnion } from '../schema/names.ts'
import { isMapEntry, type AvroField, type AvroNode, type RecordNode } from '../schema/nodes.ts'
import { corrupt, readItems } from './items.ts'
import { primitiveReader } from './primitive-reader.ts'
import { readAnything } from './schemaless-reader.ts'
import { fieldsReader } from './struct-code.ts'
import type { Read } from './tap.ts'

/**
 * Compiles the function that reads values of an Avro type as values of the Connect schema that `connectSchema` returns for
 * it; the record `Anything` for null. It throws `HR_DATA_INVALID` for bytes that are not a value of the type.
 *
 * Source: AvroData.toConnectData. Differs: the value of a union belongs to the field of its type in the union; in Java, to
 * the first field with its Java class.
 */
export function readerOf(schema: Schema | null, node: AvroNode): Read {
  if (schema === null) return readAnything
  if (node.type !== 'union') return baseReader(schema, node)
  if (isUnion(schema) && node.branches.length > 1) return unionReader(schema, node.branches)
  const reads = node.branches.map((branch) =>
    branch.type === 'null' ? readNull : baseReader(schema, branch),
  )
  return branchReader(reads)
}

const readNull: Read = () => null

/** Reads the index of a branch, and its value. */
function branchReader(branches: readonly Read[]): Read {
  return (tap) => {
    const index = tap.readLong()
    const read = branches[index]
    if (read === undefined) throw corrupt(`a union of ${branches.length} types has no type ${index}`)
    return read(tap)
  }
}

/** All fields but that of the value are null. */
function unionReader(schema: Schema, branches: readonly AvroNode[]): Read {
  let place = 0
  const reads = branches.map((branch) => {
    if (branch.type === 'null') return readNull
    const own = place++
    const field = schema.fields[own] as Schema['fields'][number]
    const read = baseReader(field.schema, branch)
    return fieldsReader(
      schema.fields.map(({ name, index }) => ({ name, read: index === own ? read : readNull })),
    )
  })
  return branchReader(reads)
}

function baseReader(schema: Schema, node: AvroNode): Read {
  switch (node.type) {
    case 'record':
      return structReader(schema, node)
    case 'array':
      if (isMapEntry(node.items)) return entriesReader(schema, node.items)
      return itemsReader(readerOf(schema.valueSchema, node.items))
    case 'map':
      return mapReader(readerOf(schema.valueSchema, node.values))
    case 'enum':
      return enumReader(node.symbols)
    default:
      return primitiveReader(schema, node)
  }
}

function structReader(schema: Schema, node: RecordNode): Read {
  const fields = schema.fields.map(({ name, schema: type, index }) => {
    return { name, read: readerOf(type, (node.fields[index] as AvroField).node) }
  })
  return fieldsReader(fields)
}

function enumReader(symbols: readonly string[]): Read {
  return (tap) => {
    const index = tap.readLong()
    const symbol = symbols[index]
    if (symbol === undefined) throw corrupt(`an enum of ${symbols.length} symbols has no symbol ${index}`)
    return symbol
  }
}

function itemsReader(read: Read): Read {
  return (tap) => {
    const items: unknown[] = []
    readItems(tap, () => items.push(read(tap)))
    return items
  }
}

function mapReader(read: Read): Read {
  return (tap) => {
    const map = new Map<unknown, unknown>()
    readItems(tap, () => map.set(tap.readString(), read(tap)))
    return map
  }
}

function entriesReader(schema: Schema, { fields }: RecordNode): Read {
  const [key, value] = ['key', 'value'].map(
    (name) => fields.find((field) => field.name === name) as AvroField,
  )
  const readKey = readerOf(schema.keySchema, (key as AvroField).node)
  const readValue = readerOf(schema.valueSchema, (value as AvroField).node)
  // the fields of entries that another program wrote may have another order
  const valueFirst = fields[0] === value
  return (tap) => {
    const entries: [unknown, unknown][] = []
    readItems(tap, () => {
      if (valueFirst) {
        const item = readValue(tap)
        entries.push([readKey(tap), item])
      } else {
        entries.push([readKey(tap), readValue(tap)])
      }
    })
    return keyedMap(entries)
  }
}
