import { makeSchema, STRING, withAttributes, type Schema, type SchemaInit } from '../../../../../api/index.ts'
import type { AvroDataSettings } from '../settings.ts'
import { defaultValue } from './default-value.ts'
import { isObject, jsonText, type Json } from './json.ts'
import { logicalTypeOf, type BaseType } from './logical-type.ts'
import {
  AVRO_PROPERTY,
  CONNECT_DEFAULT,
  CONNECT_DOC,
  CONNECT_NAME,
  CONNECT_PARAMETERS,
  CONNECT_VERSION,
  DEFAULT_NAME,
  ENUM_DEFAULT,
  ENUM_DOC,
  ENUM_PARAMETER,
  FIELD_DEFAULT,
  FIELD_DOC,
  fullNameOf,
  invalidSchema,
  NAMESPACE,
  RECORD_DOC,
  UNION_NAME,
  VARIANT_NAME,
} from './names.ts'
import {
  isMapEntry,
  isNamed,
  type AvroField,
  type AvroNode,
  type EnumNode,
  type RecordNode,
} from './nodes.ts'

type Parameters = Record<string, string>

/** A schema in the making, before the properties of the Avro schema are applied. */
type Draft = BaseType & Pick<SchemaInit, 'optional' | 'fields' | 'keySchema' | 'valueSchema'>

/**
 * Returns the Connect schema for an Avro schema.
 *
 * Throws `HR_DATA_INVALID` for a schema that Connect cannot represent. Source: AvroData.toConnectSchema. Differs: a recursive
 * type is refused, because schemas are values without cycles.
 */
export function connectSchema(node: AvroNode, settings: AvroDataSettings): Schema {
  return new ConnectSchemaBuilder(settings).build(node, false)
}

class ConnectSchemaBuilder {
  readonly #settings: AvroDataSettings
  readonly #known = new Map<AvroNode, Map<boolean, Schema>>()
  /** Types that are being built. */
  readonly #open = new Set<AvroNode>()

  constructor(settings: AvroDataSettings) {
    this.#settings = settings
  }

  /** `fieldDefault` is the default of the field that has this type; undefined for none. */
  build(node: AvroNode, optional: boolean, fieldDefault?: Json): Schema {
    const known = fieldDefault === undefined ? this.#known.get(node)?.get(optional) : undefined
    if (known !== undefined) return known
    if (this.#open.has(node)) {
      const name = isNamed(node) ? fullNameOf(node) : node.type
      throw invalidSchema(`The type ${name} is recursive, which Connect schemas cannot be`)
    }
    this.#open.add(node)
    const schema = this.#build(node, optional, fieldDefault)
    this.#open.delete(node)
    if (fieldDefault === undefined) {
      this.#known.set(node, (this.#known.get(node) ?? new Map<boolean, Schema>()).set(optional, schema))
    }
    return schema
  }

  #build(node: AvroNode, optional: boolean, fieldDefault: Json | undefined): Schema {
    if (node.type === 'union') {
      const others = node.branches.filter(({ type }) => type !== 'null')
      const [only] = others
      // the default of the field is lost, as in Java
      if (others.length === 1 && only !== undefined && node.branches.length <= 2) {
        return this.build(only, optional || node.branches.length === 2)
      }
    }
    const draft = this.#draft(node)
    return this.#complete(node, optional ? { ...draft, optional } : draft, fieldDefault)
  }

  #draft(node: AvroNode): Draft {
    switch (node.type) {
      case 'record':
        return this.#struct(node)
      case 'enum':
        return this.#enum(node)
      case 'array':
        return isMapEntry(node.items)
          ? this.#entries(node.items)
          : { type: 'array', valueSchema: this.build(node.items, false) }
      case 'map':
        return { type: 'map', keySchema: STRING, valueSchema: this.build(node.values, false) }
      case 'union':
        return this.#union(node.branches)
      case 'null':
        throw invalidSchema('The Avro schema has a type that is only null, for which Connect has no schema')
      default:
        return logicalTypeOf(node)
    }
  }

  #struct(node: RecordNode): Draft {
    if (node.properties.get('logicalType') === 'variant') return variant(node, this)
    const parameters: Parameters = {}
    const { connectMetaData } = this.#settings
    if (connectMetaData && node.doc !== null) parameters[RECORD_DOC] = node.doc
    if (connectMetaData) {
      for (const { name, doc } of node.fields) if (doc !== null) parameters[`${FIELD_DOC}${name}`] = doc
    }
    const fields = node.fields.map((field) => [field.name, this.#fieldSchema(field)] as const)
    return { type: 'struct', fields, parameters }
  }

  #fieldSchema({ node, defaultValue: json, properties }: AvroField): Schema {
    const schema = this.build(node, false, json)
    const parameters = properties.get(CONNECT_PARAMETERS)
    if (!this.#settings.connectMetaData || !isObject(parameters)) return schema
    const own = Object.entries(parameters).map(([name, value]) => [name, textOf(value)] as const)
    if (own.every(([name, value]) => schema.parameters?.[name] === value)) return schema
    return withAttributes(schema, { parameters: { ...schema.parameters, ...Object.fromEntries(own) } })
  }

  #enum(node: EnumNode): Draft {
    const parameters: [string, string][] = []
    if (this.#settings.connectMetaData) {
      if (node.doc !== null) parameters.push([`${ENUM_DOC}${node.name}`, node.doc])
      if (node.defaultSymbol !== null) parameters.push([`${ENUM_DEFAULT}${node.name}`, node.defaultSymbol])
    }
    parameters.push([ENUM_PARAMETER, fullNameOf(node)])
    for (const symbol of node.symbols) parameters.push([`${ENUM_PARAMETER}.${symbol}`, symbol])
    return { type: 'string', parameters: Object.fromEntries(parameters) }
  }

  #entries({ fields }: RecordNode): Draft {
    const [key, value] = ['key', 'value'].map((name) => fields.find((field) => field.name === name))
    if (fields.length !== 2 || key === undefined || value === undefined) {
      throw invalidSchema('The entries of a map must have the fields key and value, and no others')
    }
    return { type: 'map', keySchema: this.build(key.node, false), valueSchema: this.build(value.node, false) }
  }

  #union(branches: readonly AvroNode[]): Draft {
    const fields = branches
      .filter(({ type }) => type !== 'null')
      .map((branch) => [this.#memberName(branch), this.build(branch, true)] as const)
    const names = fields.map(([name]) => name)
    const twice = names.find((name, index) => names.indexOf(name) !== index)
    if (twice !== undefined) throw invalidSchema(`A union has two types that become the field ${twice}`)
    return { type: 'struct', name: UNION_NAME, optional: fields.length < branches.length, fields }
  }

  #memberName(node: AvroNode): string {
    if (!isNamed(node)) return node.type
    return this.#settings.enhancedSchemaSupport ? fullNameOf(node) : node.name
  }

  #complete(node: AvroNode, draft: Draft, fieldDefault: Json | undefined): Schema {
    const properties = node.type === 'union' ? new Map<string, Json>() : node.properties
    const { connectMetaData } = this.#settings
    const doc = properties.get(CONNECT_DOC)
    const fromField = fieldDefault !== undefined && connectMetaData && !properties.has(CONNECT_DEFAULT)
    const init: SchemaInit = {
      ...draft,
      name: nameOf(node, draft, properties.get(CONNECT_NAME)),
      version: versionOf(draft, properties.get(CONNECT_VERSION)),
      doc: connectMetaData && typeof doc === 'string' ? doc : null,
      parameters: {
        ...(connectMetaData ? parametersOf(properties.get(CONNECT_PARAMETERS)) : {}),
        ...withoutKnown(draft.parameters, connectMetaData ? properties.get(CONNECT_PARAMETERS) : undefined),
        ...avroParameters(properties),
        ...(fromField ? { [FIELD_DEFAULT]: 'true' } : {}),
      },
    }
    const schema = makeSchema(init)
    const json = fieldDefault ?? properties.get(CONNECT_DEFAULT)
    const value = json === undefined ? undefined : defaultValue(schema, node, json)
    return value === undefined ? schema : withAttributes(schema, { defaultValue: value })
  }
}

/** The parameters of a written Connect schema come first, in their order, so that the schema read is the same. */
function withoutKnown(parameters: Draft['parameters'], written: Json | undefined): Parameters {
  const known = isObject(written) ? written : {}
  return Object.fromEntries(Object.entries(parameters ?? {}).filter(([name]) => !Object.hasOwn(known, name)))
}

function parametersOf(written: Json | undefined): Parameters {
  if (written === undefined || written === null) return {}
  if (!isObject(written))
    throw invalidSchema(`${CONNECT_PARAMETERS} is ${jsonText(written)}, expected an object`)
  const wrong = Object.entries(written).find(([, value]) => typeof value !== 'string')
  if (wrong === undefined) return written as Parameters
  throw invalidSchema(`${CONNECT_PARAMETERS} has ${jsonText(wrong[1])} for ${wrong[0]}, expected a string`)
}

const textOf = (value: Json): string => (typeof value === 'string' ? value : jsonText(value))

const avroParameters = (properties: ReadonlyMap<string, Json>): Parameters =>
  Object.fromEntries(
    [...properties]
      .filter(([name]) => name.startsWith(AVRO_PROPERTY))
      .map(([name, value]) => [name, textOf(value)]),
  )

function versionOf({ version = null }: Draft, written: Json | undefined): number | null {
  if (written === undefined) return version
  if (typeof written !== 'number')
    throw invalidSchema(`${CONNECT_VERSION} is ${jsonText(written)}, expected a number`)
  if (written < 0 || written === version) return version
  if (version === null) return written
  throw invalidSchema(
    `${CONNECT_VERSION} is ${written}, expected the version of the logical type, ${version}`,
  )
}

function nameOf(node: AvroNode, { name = null }: Draft, written: Json | undefined): string | null {
  if (written !== undefined && typeof written !== 'string') {
    throw invalidSchema(`${CONNECT_NAME} is ${jsonText(written)}, expected a string`)
  }
  // a name that comes from the type gives way to the one of a logical type
  const own = written ?? (name === null && isNamed(node) ? fullNameOf(node) : undefined)
  if (own === undefined || own.startsWith(`${NAMESPACE}.${DEFAULT_NAME}`)) return name
  if (name === null || name === own) return own
  throw invalidSchema(`${CONNECT_NAME} is '${own}', expected the name of the logical type, ${name}`)
}

function variant({ fields }: RecordNode, builder: ConnectSchemaBuilder): Draft {
  const schemas = fields.map((field) => [field.name, builder.build(field.node, false)] as const)
  return { type: 'struct', name: VARIANT_NAME, fields: schemas }
}
