import { NAMESPACE } from './names.ts'
import type { AvroField, AvroNode, PrimitiveName, RecordNode } from './nodes.ts'

/** The fields of the record for schemaless values, in order. At most one of them is not null. */
export const anythingFields = [
  'boolean',
  'bytes',
  'double',
  'float',
  'int',
  'long',
  'string',
  'array',
  'map',
] as const

const primitive = (type: PrimitiveName): AvroNode => ({ type, properties: new Map() })

const list = (items: AvroNode): AvroNode => ({ type: 'array', items, properties: new Map() })

const field = (name: string, node: AvroNode): AvroField => ({
  name,
  node,
  doc: null,
  defaultValue: undefined,
  properties: new Map(),
})

/** The record that holds any schemaless value. Source: AvroData.ANYTHING_SCHEMA. */
export const anything: RecordNode = makeAnything()

function makeAnything(): RecordNode {
  const fields: AvroField[] = []
  const record: RecordNode = {
    type: 'record',
    name: 'Anything',
    namespace: NAMESPACE,
    doc: null,
    fields,
    properties: new Map(),
  }
  const entry: RecordNode = {
    ...record,
    name: 'MapEntry',
    fields: ['key', 'value'].map((name) => field(name, record)),
  }
  const types = { array: list(record), map: list(entry) }
  for (const name of anythingFields) {
    const node = name === 'array' || name === 'map' ? types[name] : primitive(name)
    fields.push({
      ...field(name, { type: 'union', branches: [primitive('null'), node] }),
      defaultValue: null,
    })
  }
  return record
}
