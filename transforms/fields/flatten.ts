import {
  array,
  defineConfig,
  isPlainObject,
  makeSchema,
  primitive,
  schemalessTypeOf,
  type Schema,
} from '../../api/index.ts'
import { javaClassOf, structBuilder, type StructBuilder } from '../../java/index.ts'
import { perSchema, type FieldTransform } from '../field-transform.ts'
import {
  basicsOf,
  fieldsOf,
  fieldValue,
  invalid,
  isNull,
  namedEntries,
  nullInRequired,
  requireMap,
  requireStruct,
  setEntry,
  type Fields,
  type SchemalessMap,
} from '../structs.ts'

const PURPOSE = 'flattening'

const config = defineConfig({
  delimiter: {
    type: 'string',
    default: '.',
    importance: 'medium',
    doc: 'Delimiter between the parts of a flattened field name.',
  },
})

/** Moves the fields of nested structs and maps to the top level and joins their names. Source: Flatten. */
export const flatten: FieldTransform<typeof config> = {
  name: 'Flatten',
  config,
  create({ delimiter }) {
    const join: Join = (prefix, name) => (prefix === '' ? (name as string) : `${prefix}${delimiter}${name}`)
    const compiled = perSchema((schema) => compile(schema, join))
    return (schema, value) => {
      if (isNull(value)) return undefined
      if (schema === null) {
        const map = requireMap(value, PURPOSE)
        const flat = map instanceof Map ? new Map<unknown, unknown>() : {}
        flattenMap(map, '', join, flat)
        return { schema, value: flat }
      }
      const struct = requireStruct(schema, value, PURPOSE)
      const { schema: changed, leaves, build } = compiled(schema)
      const values = leaves.map((leaf) => leafValue(leaf, struct))
      return { schema: changed, value: build(struct, values) }
    }
  },
}

/** Joins a prefix and a name. The name may be null only at the top level. */
type Join = (prefix: string, name: string | null) => string

function flattenMap(
  map: SchemalessMap,
  prefix: string,
  join: Join,
  flat: Fields | Map<unknown, unknown>,
): void {
  for (const [key, value] of namedEntries(map)) {
    const name = join(prefix, key)
    if (isPlainObject(value) || value instanceof Map) flattenMap(value, name, join, flat)
    else if (isNull(value) || schemalessTypeOf(value) !== undefined) setEntry(flat, name, value ?? null)
    else {
      const message = `Flatten transformation was passed a value of type class ${javaClassOf(value)} which is not supported by Connect's data API`
      throw invalid(`${message} (for field ${name})`)
    }
  }
}

/** A field that is not a struct: its flattened name and the path to it, including the field itself. */
interface Leaf {
  readonly name: string
  readonly schema: Schema
  readonly path: Schema['fields']
}

interface Flattened {
  readonly schema: Schema
  readonly leaves: readonly Leaf[]
  /** Takes the values of the leaves. */
  readonly build: StructBuilder
}

function compile(schema: Schema, join: Join): Flattened {
  const leaves: Leaf[] = []
  collect(
    schema,
    { prefix: '', path: [], optional: schema.optional, fallback: schema.defaultValue },
    join,
    leaves,
  )
  const fields = leaves.map((leaf) => [leaf.name, leaf.schema] as const)
  const build = structBuilder(leaves.map(({ name }, from) => ({ name, from })))
  return { schema: makeSchema({ ...basicsOf(schema), type: 'struct', fields }), leaves, build }
}

interface Place {
  readonly prefix: string
  readonly path: Schema['fields']
  /** Whether this struct or an enclosing one is optional. */
  readonly optional: boolean
  /** The default of this struct. */
  readonly fallback: unknown
}

function collect(schema: Schema, place: Place, join: Join, leaves: Leaf[]): void {
  for (const field of fieldsOf(schema)) {
    const { name, schema: own } = field
    const at: Place = {
      prefix: join(place.prefix, name),
      path: [...place.path, field],
      optional: place.optional || own.optional,
      fallback:
        own.defaultValue ??
        (isNull(place.fallback) ? null : fieldValue(place.fallback as Fields, name, own, true)),
    }
    if (own.type === 'struct') collect(own, at, join, leaves)
    else leaves.push({ name: at.prefix, schema: leafSchema(own, at), path: at.path })
  }
}

function leafSchema(own: Schema, { prefix, optional, fallback }: Place): Schema {
  const more = { ...basicsOf(own), optional, defaultValue: fallback ?? null }
  switch (own.type) {
    case 'array':
      return array(own.valueSchema, more)
    case 'map':
    case 'struct': {
      const type = own.type.toUpperCase()
      throw invalid(
        `Flatten transformation does not support ${type} for record with schemas (for field ${prefix}).`,
      )
    }
    default:
      return primitive(own.type, more)
  }
}

/** Returns null if a struct along the path is null. Applies the default of the last field only. */
function leafValue({ name, schema, path }: Leaf, struct: Readonly<Fields>): unknown {
  let current: Readonly<Fields> = struct
  for (const [index, field] of path.entries()) {
    const last = index === path.length - 1
    const value = fieldValue(current, field.name, field.schema, last)
    if (last) {
      if (isNull(value) && !schema.optional) throw nullInRequired(name, schema)
      return value
    }
    if (isNull(value)) return null
    current = requireStruct(field.schema, value, PURPOSE)
  }
  return null
}
