import {
  array,
  isFloat64,
  JsonNumber,
  makeSchema,
  messageOf,
  OPTIONAL_BOOLEAN,
  OPTIONAL_BYTES,
  OPTIONAL_FLOAT64,
  OPTIONAL_INT32,
  OPTIONAL_INT64,
  OPTIONAL_STRING,
  parseJson,
  type Schema,
  type SchemaAndValue,
} from '../../api/index.ts'
import { basicsOf, invalid, setField, type Fields } from '../structs.ts'

/** Whether a null in JSON is left out, or kept as a null of type bytes. */
export type JsonNulls = 'ignore' | 'optional_bytes'

/**
 * A JSON text as a struct or list, its schema made from what is there; a text where it cannot be made so, saying why.
 *
 * Source: JsonSchemaData of Debezium's outbox router. Differs: lists become lists, long integers
 * floats, fields have an order, and what cannot be converted stays a text with the schema of one.
 */
export function expandedJson(text: string, name: string, nulls: JsonNulls): SchemaAndValue | string {
  if (!text.startsWith('{') && !text.startsWith('[')) return 'the payload is no JSON object or list'
  try {
    const { node, mark } = parsedInOrder(text)
    const schema = new JsonShape(nulls, mark).schemaOf(name, node)
    return schema === undefined
      ? 'the payload is an empty list'
      : { schema, value: valueOf(node, schema, mark) }
  } catch (error) {
    return messageOf(error)
  }
}

const TEXT_OR_KEY = /"((?:[^"\\]|\\.)*)"(\s*:)?/gs

/**
 * Objects put keys that are integers before the others, whatever the order they are written in. Where there is such a
 * key, all keys get a mark in front, which no integer has.
 */
function parsedInOrder(text: string): { readonly node: unknown; readonly mark: string } {
  const options = { longIntegers: 'exact' } as const
  if (!/"\d+"\s*:/.test(text)) return { node: parseJson(text, options), mark: '' }
  const marked = text.replaceAll(TEXT_OR_KEY, (whole, inside: string, colon: string | undefined) => {
    return colon === undefined ? whole : `"_${inside}"${colon}`
  })
  return { node: parseJson(marked, options), mark: '_' }
}

type Node = Readonly<Record<string, unknown>>

const isObject = (node: unknown): node is Node =>
  typeof node === 'object' &&
  node !== null &&
  !Array.isArray(node) &&
  !isFloat64(node) &&
  !(node instanceof JsonNumber)

class JsonShape {
  readonly #nulls: JsonNulls
  readonly #mark: string

  constructor(nulls: JsonNulls, mark: string) {
    this.#nulls = nulls
    this.#mark = mark
  }

  /** Undefined for what leaves nothing. */
  schemaOf(name: string | null, node: unknown): Schema | undefined {
    if (node === null) return this.#nulls === 'optional_bytes' ? OPTIONAL_BYTES : undefined
    if (typeof node === 'string') return OPTIONAL_STRING
    if (typeof node === 'boolean') return OPTIONAL_BOOLEAN
    if (Array.isArray(node)) {
      return node.length === 0 ? undefined : array(this.#elementSchema(name, node), { optional: true })
    }
    return isObject(node) ? this.#structSchema(name, node) : numberSchema(node)
  }

  #structSchema(name: string | null, node: Node): Schema {
    const fields: [string, Schema][] = []
    for (const [marked, value] of Object.entries(node)) {
      const key = marked.slice(this.#mark.length)
      const schema = this.schemaOf(name === null || name.trim() === '' ? key : `${name}.${key}`, value)
      if (schema !== undefined) fields.push([key, schema])
    }
    return makeSchema({ type: 'struct', name, optional: true, fields })
  }

  #elementSchema(name: string | null, nodes: readonly unknown[]): Schema {
    const present = nodes.filter((node) => node !== null)
    const [sample = null] = present
    if (isObject(sample)) {
      if (!present.every(isObject)) throw invalid('A list holds objects and other values')
      const shapes = new Set(present.map((node) => this.#structSchema(name, node)))
      return [...shapes].reduce(merged)
    }
    const shapes = new Set(present.map((node) => this.schemaOf(null, node)))
    const [schema] = shapes.size === 0 ? [this.schemaOf(null, null)] : shapes
    if (shapes.size > 1) throw invalid('A list holds values of several types')
    if (schema === undefined) throw invalid('A list holds nothing that tells its type')
    return schema
  }
}

/** Integers beyond 64 bits become floats. */
function numberSchema(node: unknown): Schema {
  if (typeof node === 'bigint') return OPTIONAL_INT64
  if (typeof node !== 'number' || !Number.isSafeInteger(node)) return OPTIONAL_FLOAT64
  return node === (node | 0) ? OPTIONAL_INT32 : OPTIONAL_INT64
}

/** All fields of both; where both have one, bytes give way to what is known better. */
function merged(left: Schema, right: Schema): Schema {
  const fields = new Map(left.fields.map((field) => [field.name, field.schema] as const))
  for (const { name, schema } of right.fields) {
    const known = fields.get(name)
    if (known === undefined || (known.type === 'bytes' && schema.type !== 'bytes')) fields.set(name, schema)
    else if (!holds(known, schema)) throw invalid(`The objects of a list have a ${name} of several types`)
  }
  return makeSchema({ ...basicsOf(left), type: 'struct', fields: [...fields] })
}

/** Whether values of a schema can stand where another is expected; bytes are nulls. */
function holds(expected: Schema, schema: Schema): boolean {
  if (expected === schema || schema.type === 'bytes') return true
  if (expected.type !== schema.type) return false
  if (expected.valueSchema !== null && schema.valueSchema !== null) {
    return holds(expected.valueSchema, schema.valueSchema)
  }
  return expected.fields.every(({ name, schema: own }) => holds(own, schema.field(name)?.schema ?? own))
}

function valueOf(node: unknown, schema: Schema, mark: string): unknown {
  if (node === null || node === undefined) return null
  if (schema.type === 'array') {
    return (node as unknown[]).map((item) => valueOf(item, schema.valueSchema ?? OPTIONAL_BYTES, mark))
  }
  if (node instanceof JsonNumber) return Number(node.text)
  if (schema.type !== 'struct') return isFloat64(node) ? node.value : node
  const struct: Fields = {}
  for (const { name, schema: own } of schema.fields) {
    const key = mark + name
    setField(struct, name, Object.hasOwn(node, key) ? valueOf((node as Node)[key], own, mark) : null)
  }
  return struct
}
