import { jsonText, type Json, type JsonObject } from './json.ts'
import { fullNameOf, INTERNAL_TYPE, invalidSchema, MAP_ENTRY, NAMESPACE, type AvroName } from './names.ts'

export type PrimitiveName = 'null' | 'boolean' | 'int' | 'long' | 'float' | 'double' | 'bytes' | 'string'

/** Properties in the order in which they are printed. */
export type Properties = Map<string, Json>

/** An Avro schema that is being built. The same node may occur in several places. */
export type AvroNode =
  | { readonly type: PrimitiveName; readonly properties: Properties }
  | { readonly type: 'array'; readonly items: AvroNode; readonly properties: Properties }
  | { readonly type: 'map'; readonly values: AvroNode; readonly properties: Properties }
  | { readonly type: 'union'; readonly branches: readonly AvroNode[] }
  | RecordNode
  | EnumNode
  | FixedNode

export interface RecordNode extends AvroName {
  readonly type: 'record'
  readonly doc: string | null
  readonly fields: readonly AvroField[]
  readonly properties: Properties
}

export interface EnumNode extends AvroName {
  readonly type: 'enum'
  readonly doc: string | null
  readonly symbols: readonly string[]
  readonly defaultSymbol: string | null
  readonly properties: Properties
}

export interface FixedNode extends AvroName {
  readonly type: 'fixed'
  readonly size: number
  readonly properties: Properties
}

export interface AvroField {
  readonly name: string
  readonly node: AvroNode
  readonly doc: string | null
  /** Undefined for none. */
  readonly defaultValue: Json | undefined
  readonly properties: Properties
}

type NamedNode = RecordNode | EnumNode | FixedNode

export const isNamed = (node: AvroNode): node is NamedNode =>
  node.type === 'record' || node.type === 'enum' || node.type === 'fixed'

/** Whether a list of this type is a map. Source: AvroData.isMapEntry. */
export const isMapEntry = (node: AvroNode): node is RecordNode =>
  node.type === 'record' &&
  (fullNameOf(node) === `${NAMESPACE}.${MAP_ENTRY}` || node.properties.get(INTERNAL_TYPE) === MAP_ENTRY)

/**
 * Returns the schema as JSON, with the members in the order of Java's Schema.toString. A named type is defined where it
 * occurs first.
 *
 * Throws `HR_DATA_INVALID` if two types with the same name are written differently. Differs: Java's Avro 1.12 refers to
 * the first one then, and writes a file that cannot be read.
 */
export function schemaText(node: AvroNode): string {
  return jsonText(new Printer().print(node, ''))
}

type Entry = readonly [string, Json]

class Printer {
  readonly #shapes = new Map<string, string>()
  readonly #printed = new Set<AvroNode>()

  print(node: AvroNode, namespace: string): Json {
    switch (node.type) {
      case 'union':
        return node.branches.map((branch) => this.print(branch, namespace))
      case 'array':
        return object([['type', 'array'], ['items', this.print(node.items, namespace)], ...node.properties])
      case 'map':
        return object([['type', 'map'], ['values', this.print(node.values, namespace)], ...node.properties])
      case 'record':
      case 'enum':
      case 'fixed':
        return this.#named(node, namespace)
      default:
        return node.properties.size === 0 ? node.type : object([['type', node.type], ...node.properties])
    }
  }

  #named(node: NamedNode, namespace: string): Json {
    const fullName = fullNameOf(node)
    const reference = node.namespace === namespace ? node.name : fullName
    if (this.#printed.has(node)) return reference
    this.#printed.add(node)
    const [shape, known] = [wireShape(node), this.#shapes.get(fullName)]
    if (known !== undefined && known !== shape) {
      throw invalidSchema(
        `Two different schemas have the name ${fullName}, of which an Avro file can hold one`,
      )
    }
    this.#shapes.set(fullName, shape)
    // also for a type that is not printed again: the types inside it are checked
    const definition = this.#definition(node)
    if (known !== undefined) return reference
    const space: Entry[] = node.namespace === namespace ? [] : [['namespace', node.namespace]]
    return object([['type', node.type], ['name', node.name], ...space, ...definition, ...node.properties])
  }

  #definition(node: NamedNode): Entry[] {
    if (node.type === 'fixed') return [['size', node.size]]
    const doc: Entry[] = node.doc === null ? [] : [['doc', node.doc]]
    if (node.type === 'record') {
      return [...doc, ['fields', node.fields.map((field) => this.#field(field, node.namespace))]]
    }
    const symbol: Entry[] = node.defaultSymbol === null ? [] : [['default', node.defaultSymbol]]
    return [...doc, ['symbols', node.symbols], ...symbol]
  }

  #field({ name, node, doc, defaultValue, properties }: AvroField, namespace: string): Json {
    return object([
      ['name', name],
      ['type', this.print(node, namespace)],
      ...(doc === null ? [] : [['doc', doc] as const]),
      ...(defaultValue === undefined ? [] : [['default', defaultValue] as const]),
      ...properties,
    ])
  }
}

/** Safe for all names, because `fromEntries` defines properties. */
const object = (entries: readonly Entry[]): JsonObject => Object.fromEntries(entries)

/** Returns a text that is the same for types that are written in the same way, if the named types inside them are too. */
export function wireShape(node: NamedNode): string {
  if (node.type === 'fixed') return `fixed ${node.size}`
  if (node.type === 'enum') return `enum ${JSON.stringify(node.symbols)}`
  return `record ${JSON.stringify(node.fields.map(({ name, node: type }) => [name, partShape(type)]))}`
}

function partShape(node: AvroNode): string {
  if (isNamed(node)) return `.${fullNameOf(node)}`
  switch (node.type) {
    case 'union':
      return `[${node.branches.map(partShape).join()}]`
    case 'array':
      return `array ${partShape(node.items)}`
    case 'map':
      return `map ${partShape(node.values)}`
    default:
      return node.type
  }
}
