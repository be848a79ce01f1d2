import { parseJson } from '../../../../../java/index.ts'
import { isInteger, isList, isObject, type Json, type JsonObject } from './json.ts'
import { fullNameOf, invalidSchema, splitName, type AvroName } from './names.ts'
import type { AvroField, AvroNode, Properties } from './nodes.ts'

const primitiveNames = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const

type Primitive = (typeof primitiveNames)[number]

/** Attributes that are not properties. Source: Schema.SCHEMA_RESERVED and FIELD_RESERVED. */
const reserved = [
  'doc',
  'fields',
  'items',
  'name',
  'namespace',
  'size',
  'symbols',
  'values',
  'type',
  'aliases',
]
const reservedOfEnum = [...reserved, 'default']
const reservedOfField = ['default', 'doc', 'name', 'order', 'type', 'aliases']

/**
 * Parses the schema of a file. A recursive type refers to itself.
 *
 * Throws `HR_DATA_INVALID` for a text that is not a valid Avro schema. Source: Schema.Parser; names of any characters are
 * accepted, as they are of no importance for reading.
 */
export function parseSchema(text: string): AvroNode {
  return new SchemaParser().parse(parseJson(text, { whole: true }) as Json, '')
}

class SchemaParser {
  readonly #named = new Map<string, AvroNode>()

  parse(json: Json | undefined, namespace: string): AvroNode {
    if (typeof json === 'string') return this.#reference(json, namespace, new Map())
    if (isList(json)) return this.#union(json, namespace)
    if (!isObject(json)) throw invalidSchema(`The Avro schema has ${textOf(json)} where a type is expected`)
    const { type } = json
    if (typeof type !== 'string') return this.parse(type, namespace)
    switch (type) {
      case 'record':
      case 'error':
        return this.#record(json, namespace)
      case 'enum':
        return this.#enum(json, namespace)
      case 'fixed':
        return this.#fixed(json, namespace)
      case 'array':
        return { type, items: this.parse(json['items'], namespace), properties: propertiesOf(json, reserved) }
      case 'map':
        return {
          type,
          values: this.parse(json['values'], namespace),
          properties: propertiesOf(json, reserved),
        }
      default:
        return this.#reference(type, namespace, propertiesOf(json, reserved))
    }
  }

  #reference(name: string, namespace: string, properties: Properties): AvroNode {
    if (isPrimitive(name)) return { type: name, properties }
    const known = this.#named.get(qualified(name, namespace)) ?? this.#named.get(name)
    if (known === undefined)
      throw invalidSchema(`The Avro schema refers to '${name}', which it does not define`)
    return known
  }

  #union(json: readonly Json[], namespace: string): AvroNode {
    const branches = json.map((branch) => this.parse(branch, namespace))
    if (branches.some(({ type }) => type === 'union')) {
      throw invalidSchema('The Avro schema has a union in a union')
    }
    return { type: 'union', branches }
  }

  #record(json: JsonObject, namespace: string): AvroNode {
    const name = nameOf(json, namespace)
    const fields: AvroField[] = []
    const properties = propertiesOf(json, reserved)
    const node = this.#define({ type: 'record', ...name, doc: docOf(json), fields, properties }, name)
    if (!isList(json['fields'])) throw invalidSchema(`The record ${fullNameOf(name)} has no list of fields`)
    for (const field of json['fields']) fields.push(this.#field(field, name))
    const names = new Set(fields.map((field) => field.name))
    if (names.size < fields.length) throw invalidSchema(`The record ${fullNameOf(name)} has a field twice`)
    return node
  }

  #field(json: Json, record: AvroName): AvroField {
    if (!isObject(json) || typeof json['name'] !== 'string') {
      throw invalidSchema(`The record ${fullNameOf(record)} has a field without a name`)
    }
    return {
      name: json['name'],
      node: this.parse(json['type'], record.namespace),
      doc: docOf(json),
      defaultValue: Object.hasOwn(json, 'default') ? json['default'] : undefined,
      properties: propertiesOf(json, reservedOfField),
    }
  }

  #enum(json: JsonObject, namespace: string): AvroNode {
    const name = nameOf(json, namespace)
    const { symbols } = json
    if (!isList(symbols) || !symbols.every((symbol) => typeof symbol === 'string')) {
      throw invalidSchema(`The enum ${fullNameOf(name)} has no list of symbols`)
    }
    const defaultSymbol = typeof json['default'] === 'string' ? json['default'] : null
    const properties = propertiesOf(json, reservedOfEnum)
    return this.#define({ type: 'enum', ...name, doc: docOf(json), symbols, defaultSymbol, properties }, name)
  }

  #fixed(json: JsonObject, namespace: string): AvroNode {
    const name = nameOf(json, namespace)
    const { size } = json
    if (!isInteger(size, 32) || size < 0) {
      throw invalidSchema(`The fixed type ${fullNameOf(name)} has the size ${textOf(size)}`)
    }
    const properties = propertiesOf(json, reserved)
    return this.#define({ type: 'fixed', ...name, size: Number(size), properties }, name)
  }

  #define(node: AvroNode, name: AvroName): AvroNode {
    const fullName = fullNameOf(name)
    if (this.#named.has(fullName)) throw invalidSchema(`The Avro schema defines ${fullName} twice`)
    this.#named.set(fullName, node)
    return node
  }
}

const isPrimitive = (name: string): name is Primitive => primitiveNames.some((known) => known === name)

const textOf = (json: Json | undefined): string => (json === undefined ? 'nothing' : JSON.stringify(json))

const docOf = ({ doc }: JsonObject): string | null => (typeof doc === 'string' ? doc : null)

const qualified = (name: string, namespace: string): string =>
  name.includes('.') ? name : fullNameOf({ name, namespace })

function nameOf(json: JsonObject, enclosing: string): AvroName {
  const { name, namespace } = json
  if (typeof name !== 'string' || name === '') {
    throw invalidSchema(`The Avro schema has a type ${textOf(json['type'])} without a name`)
  }
  if (name.includes('.')) return splitName(name)
  return { name, namespace: typeof namespace === 'string' ? namespace : enclosing }
}

function propertiesOf(json: JsonObject, without: readonly string[]): Properties {
  return new Map(Object.entries(json).filter(([name]) => !without.includes(name)))
}
