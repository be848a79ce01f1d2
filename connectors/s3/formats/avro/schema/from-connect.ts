import { withAttributes, type Field, type Schema } from '../../../../../api/index.ts'
import type { AvroDataSettings } from '../settings.ts'
import { anything } from './anything.ts'
import { defaultJson, isValidDefault } from './default-json.ts'
import {
  checkName,
  DEFAULT_NAME,
  ENUM_DEFAULT,
  ENUM_DOC,
  ENUM_PARAMETER,
  FIELD_DOC,
  FIXED_SIZE,
  fullNameOf,
  INTERNAL_TYPE,
  invalidSchema,
  isAvroMap,
  isUnion,
  MAP_ENTRY,
  NAMESPACE,
  RECORD_DOC,
  splitName,
  VARIANT_NAME,
  type AvroName,
} from './names.ts'
import { isNamed, wireShape, type AvroField, type AvroNode, type RecordNode } from './nodes.ts'
import { parametersJson, propertiesOf } from './properties.ts'

/**
 * Returns the Avro schema for a Connect schema; the record `Anything` for null.
 *
 * Throws `HR_DATA_INVALID` for a schema that Avro cannot represent. Source: AvroData.fromConnectSchema.
 */
export function avroNode(schema: Schema | null, settings: AvroDataSettings): AvroNode {
  return new AvroSchemaBuilder(settings).build(schema)
}

const primitives = {
  int8: 'int',
  int16: 'int',
  int32: 'int',
  int64: 'long',
  float32: 'float',
  float64: 'double',
  boolean: 'boolean',
  string: 'string',
  bytes: 'bytes',
} as const

const NULL: AvroNode = { type: 'null', properties: new Map() }

class AvroSchemaBuilder {
  readonly #settings: AvroDataSettings
  /** Nodes of required schemas, which are used again. */
  readonly #known = new Map<Schema, AvroNode>()
  readonly #namesOfFields = new Set<string>()
  readonly #entries = new Map<string, string>()
  #unnamed = 0

  constructor(settings: AvroDataSettings) {
    this.#settings = settings
  }

  /** `bare` leaves out the null of an optional schema. */
  build(schema: Schema | null, bare = false): AvroNode {
    if (schema === null) return anything
    const reusable = !schema.optional && !isUnion(schema)
    const known = reusable ? this.#known.get(schema) : undefined
    if (known !== undefined) return known
    const base = this.#base(schema)
    const node = bare || base.type === 'union' ? base : orNull(schema, base)
    if (reusable) this.#known.set(schema, node)
    return node
  }

  #base(schema: Schema): AvroNode {
    switch (schema.type) {
      case 'struct':
        return this.#struct(schema)
      case 'array':
        return { type: 'array', items: this.build(schema.valueSchema), properties: this.#properties(schema) }
      case 'map':
        return this.#map(schema)
      case 'string':
        return this.#isEnum(schema) ? this.#enum(schema) : this.#primitive(schema, 'string')
      case 'bytes':
        return isFixed(schema) ? this.#fixed(schema) : this.#primitive(schema, 'bytes')
      default:
        return this.#primitive(schema, primitives[schema.type])
    }
  }

  #primitive(schema: Schema, type: (typeof primitives)[keyof typeof primitives]): AvroNode {
    return { type, properties: this.#properties(schema) }
  }

  #properties = (schema: Schema) => propertiesOf(schema, this.#settings)

  #isEnum({ parameters }: Schema): boolean {
    return this.#settings.enhancedSchemaSupport && parameters?.[ENUM_PARAMETER] !== undefined
  }

  #enum(schema: Schema): AvroNode {
    const { parameters } = schema
    const fullName = parameters?.[ENUM_PARAMETER] ?? ''
    // the docs have the name of the Connect schema
    const { name: key } = this.#nameOf(schema)
    const prefix = `${ENUM_PARAMETER}.`
    const symbols = Object.keys(parameters ?? {})
      .filter((name) => name.startsWith(prefix))
      .map((name) => checkName(name.slice(prefix.length), `a symbol of the enum ${fullName}`))
    const defaultSymbol = parameters?.[`${ENUM_DEFAULT}${key}`] ?? null
    if (defaultSymbol !== null && !symbols.includes(defaultSymbol)) {
      const found = `The default '${defaultSymbol}' of the enum ${fullName}`
      throw invalidSchema(`${found} is not one of its symbols: ${symbols.join(', ')}`)
    }
    const doc = parameters?.[`${ENUM_DOC}${key}`] ?? null
    const properties = this.#properties(schema)
    return {
      type: 'enum',
      ...checked(splitName(fullName), 'an enum'),
      doc,
      symbols,
      defaultSymbol,
      properties,
    }
  }

  #fixed(schema: Schema): AvroNode {
    const text = schema.parameters?.[FIXED_SIZE] ?? ''
    const found = `The parameter ${FIXED_SIZE} of ${schema.name} is '${text}'`
    if (!/^\d{1,9}$/.test(text)) throw invalidSchema(`${found}, which is not a number of bytes`)
    const name = checked(this.#nameOf(schema), 'fixed bytes')
    return { type: 'fixed', ...name, size: Number(text), properties: this.#properties(schema) }
  }

  #map(schema: Schema): AvroNode {
    const properties = this.#properties(schema)
    if (isAvroMap(schema, this.#settings.allowOptionalMapKeys)) {
      return { type: 'map', values: this.build(schema.valueSchema), properties }
    }
    return { type: 'array', items: this.#entry(schema), properties }
  }

  /** Differs: in Java, two maps with entries of different types get the same name, and the file cannot be read. */
  #entry(schema: Schema): AvroNode {
    const { name, namespace } =
      schema.name === null
        ? { name: MAP_ENTRY, namespace: NAMESPACE }
        : checked(splitName(schema.name), 'a map')
    const [key, value] = [this.#field('key', schema.keySchema), this.#field('value', schema.valueSchema)]
    const properties = new Map(schema.name === null ? [] : [[INTERNAL_TYPE, MAP_ENTRY] as const])
    const entry: RecordNode = { type: 'record', name, namespace, doc: null, fields: [key, value], properties }
    if (schema.name !== null) return entry
    const shape = wireShape(entry)
    const count = this.#entries.size + 1
    const ownName = this.#entries.get(shape) ?? (count === 1 ? MAP_ENTRY : `${MAP_ENTRY}${count}`)
    this.#entries.set(shape, ownName)
    if (ownName === MAP_ENTRY) return entry
    return { ...entry, name: ownName, properties: new Map([[INTERNAL_TYPE, MAP_ENTRY]]) }
  }

  #struct(schema: Schema): AvroNode {
    if (isUnion(schema)) return this.#union(schema)
    if (schema.name === VARIANT_NAME) return this.#record(schema, splitName('confluent.type.Variant'))
    if (schema.optional) {
      return { type: 'union', branches: [NULL, this.build(required(schema))] }
    }
    return this.#record(schema, checked(this.#nameOf(schema), 'a struct'))
  }

  #union(schema: Schema): AvroNode {
    const members = schema.fields.map((field) => this.build(required(field.schema), true))
    const branches = schema.optional ? [NULL, ...members] : members
    const kinds = branches.map((branch) => (isNamed(branch) ? fullNameOf(branch) : branch.type))
    const twice = kinds.find((kind, index) => kind === 'union' || kinds.indexOf(kind) !== index)
    if (twice !== undefined)
      throw invalidSchema(`A union holds ${twice} twice, or a union; Avro allows neither`)
    return { type: 'union', branches }
  }

  #record(schema: Schema, name: AvroName): AvroNode {
    const doc = schema.parameters?.[RECORD_DOC] ?? null
    const variant = schema.name === VARIANT_NAME ? [['logicalType', 'variant'] as const] : []
    const fields = schema.fields.map((field) => this.#fieldOf(schema, field))
    const properties = new Map([...variant, ...this.#properties(schema)])
    return { type: 'record', ...name, doc, fields, properties }
  }

  #fieldOf({ parameters }: Schema, { name, schema }: Field): AvroField {
    return this.#field(name, schema, parameters?.[`${FIELD_DOC}${name}`])
  }

  #field(name: string, schema: Schema | null, doc: string | null = null): AvroField {
    checkName(name, 'a field')
    const seen = schema?.name !== null && schema?.name !== undefined && this.#namesOfFields.has(schema.name)
    if (typeof schema?.name === 'string') this.#namesOfFields.add(schema.name)
    const node = this.build(schema)
    const field = { name, node, doc, defaultValue: undefined, properties: new Map() }
    if (schema === null) return field
    const wanted =
      schema.defaultValue === null
        ? null
        : defaultJson(schema, schema.defaultValue, this.#settings.allowOptionalMapKeys)
    const hasDefault = (schema.optional || wanted !== null) && isValidDefault(node, wanted)
    // the second use of a named type is only its name, which has no place for parameters
    const parameters =
      seen && this.#settings.connectMetaData && holdsNamed(node) ? parametersJson(schema) : undefined
    return {
      ...field,
      defaultValue: hasDefault ? wanted : undefined,
      properties: new Map(parameters === undefined ? [] : [['connect.parameters', parameters]]),
    }
  }

  /** Counts schemas without a name, in the order of Java. */
  #nameOf({ name }: Schema): AvroName {
    if (name !== null) return splitName(name)
    this.#unnamed++
    return { name: `${DEFAULT_NAME}${this.#unnamed === 1 ? '' : this.#unnamed}`, namespace: NAMESPACE }
  }
}

/** A default must be one of the first type of a union, so null comes last if there is one. */
function orNull(schema: Schema, node: AvroNode): AvroNode {
  if (!schema.optional) return node
  return { type: 'union', branches: schema.defaultValue === null ? [NULL, node] : [node, NULL] }
}

const required = (schema: Schema): Schema =>
  schema.optional ? withAttributes(schema, { optional: false }) : schema

const isFixed = ({ name, parameters }: Schema): boolean =>
  name !== null && parameters?.[FIXED_SIZE] !== undefined

const holdsNamed = (node: AvroNode): boolean =>
  node.type === 'union' ? node.branches.some(isNamed) : isNamed(node)

/** Java checks the parts of a namespace only when a file is read. */
function checked(name: AvroName, what: string): AvroName {
  checkName(name.name, what)
  return name
}
