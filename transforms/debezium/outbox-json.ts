import {
  array,
  isFloat64,
  makeSchema,
  messageOf,
  OPTIONAL_BOOLEAN,
  OPTIONAL_BYTES,
  OPTIONAL_FLOAT64,
  OPTIONAL_INT32,
  OPTIONAL_INT64,
  OPTIONAL_STRING,
  type Schema,
  type SchemaAndValue,
} from '../../api/index.ts'
import { JsonNumber, parseJson } from '../../java/index.ts'
import { basicsOf, invalid, setField, type Fields } from '../structs.ts'

/** Whether to omit a null in the JSON or keep it as a null of type optional bytes. */
export type JsonNulls = 'ignore' | 'optional_bytes'

/**
 * Parses a JSON string into a struct or array with an inferred schema. Returns a string with the reason if it cannot be
 * expanded.
 *
 * Source: JsonSchemaData of Debezium's outbox router. Differs: top-level arrays become arrays, integers beyond 64 bits
 * floats, fields keep their order, and a payload that cannot be expanded stays a string with a string schema.
 */
export function expandedJson(text: string, name: string | null, nulls: JsonNulls): SchemaAndValue | string {
  if (!text.startsWith('{') && !text.startsWith('[')) return 'the payload is not a JSON object or array'
  try {
    const { node, mark } = parsedInOrder(text)
    const schema = new JsonShape(nulls, mark).schemaOf(name, node)
    return schema === undefined
      ? 'the payload is an empty array'
      : { schema, value: valueOf(node, schema, mark) }
  } catch (error) {
    return messageOf(error)
  }
}

const TEXT_OR_KEY = /"((?:[^"\\]|\\.)*)"(\s*:)?/gs

/**
 * Parses JSON and preserves the order of keys. JavaScript objects order integer keys before all others, so if there is
 * such a key, every key is prefixed with a mark.
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

  /** Returns undefined for a value to omit: an ignored null or an empty array. */
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
      if (!present.every(isObject)) throw invalid('An array contains both objects and other values')
      const shapes = new Set(present.map((node) => this.#structSchema(name, node)))
      return [...shapes].reduce(merged)
    }
    const shapes = new Set(present.map((node) => this.schemaOf(null, node)))
    const [schema] = shapes.size === 0 ? [this.schemaOf(null, null)] : shapes
    if (shapes.size > 1) throw invalid('An array contains values of different types')
    if (schema === undefined) throw invalid('The element type of an array cannot be inferred')
    return schema
  }
}

/** Integers beyond 64 bits become floats. */
function numberSchema(node: unknown): Schema {
  if (typeof node === 'bigint') return OPTIONAL_INT64
  if (typeof node !== 'number' || !Number.isSafeInteger(node)) return OPTIONAL_FLOAT64
  return node === (node | 0) ? OPTIONAL_INT32 : OPTIONAL_INT64
}

/** Merges the fields of two schemas. In a field of both, any other type replaces bytes, the type of a null. */
function merged(left: Schema, right: Schema): Schema {
  const fields = new Map(left.fields.map((field) => [field.name, field.schema] as const))
  for (const { name, schema } of right.fields) {
    const known = fields.get(name)
    if (known === undefined || (known.type === 'bytes' && schema.type !== 'bytes')) fields.set(name, schema)
    else if (!holds(known, schema))
      throw invalid(`Field ${name} has different types in the objects of an array`)
  }
  return makeSchema({ ...basicsOf(left), type: 'struct', fields: [...fields] })
}

/** Whether values of `schema` are valid for `expected`. Bytes are nulls and always valid. */
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
