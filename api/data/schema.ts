import { ConnectError } from '../errors.ts'
import { canonicalText } from './canonical.ts'

/** All types, with their names in lower case. Source: Schema.Type. */
export const schemaTypes = [
  'int8',
  'int16',
  'int32',
  'int64',
  'float32',
  'float64',
  'boolean',
  'string',
  'bytes',
  'array',
  'map',
  'struct',
] as const

/** The type of a value. */
export type SchemaType = (typeof schemaTypes)[number]

/** A field of a struct. */
export interface Field {
  readonly name: string
  /** Position in the struct, starting at 0. */
  readonly index: number
  readonly schema: Schema
}

/** The properties of a new schema. All but the type are optional. */
export interface SchemaInit {
  readonly type: SchemaType
  readonly optional?: boolean
  readonly name?: string | null
  readonly version?: number | null
  readonly doc?: string | null
  readonly parameters?: Readonly<Record<string, string>> | null
  /** A value of this schema. Absent or null if there is no default. */
  readonly defaultValue?: unknown
  /** Fields of a struct, in order. */
  readonly fields?: readonly (readonly [name: string, schema: Schema])[]
  /** Schema of the keys of a map. */
  readonly keySchema?: Schema | null
  /** Schema of the values of a map or the elements of an array. */
  readonly valueSchema?: Schema | null
}

/**
 * Describes a value. Schemas are immutable and interned: equal schemas are the same object, so they can be compared by
 * identity and used as keys of a `Map` or `WeakMap`. Created by {@link makeSchema} or the builders in `builder.ts`.
 *
 * Source: ConnectSchema.
 */
export class Schema {
  readonly type: SchemaType
  readonly optional: boolean
  readonly name: string | null
  readonly version: number | null
  readonly doc: string | null
  readonly parameters: Readonly<Record<string, string>> | null
  readonly defaultValue: unknown
  readonly fields: readonly Field[]
  readonly keySchema: Schema | null
  readonly valueSchema: Schema | null
  /** Unique within the process. Represents the schema in the intern key of schemas that contain it. */
  readonly id: number
  readonly #fieldsByName: ReadonlyMap<string, Field>

  /** Call {@link makeSchema} instead; a schema created directly is not interned. */
  constructor(init: SchemaInit, id: number) {
    this.type = init.type
    this.optional = init.optional ?? false
    this.name = init.name ?? null
    this.version = init.version ?? null
    this.doc = init.doc ?? null
    const parameters = Object.entries(init.parameters ?? {})
    this.parameters = parameters.length === 0 ? null : Object.freeze(Object.fromEntries(parameters))
    this.defaultValue = init.defaultValue ?? null
    this.fields = Object.freeze(
      (init.fields ?? []).map(([name, schema], index) => Object.freeze({ name, index, schema })),
    )
    this.keySchema = init.keySchema ?? null
    this.valueSchema = init.valueSchema ?? null
    this.id = id
    this.#fieldsByName = new Map(this.fields.map((field) => [field.name, field]))
    Object.freeze(this)
  }

  /** Returns the field with the given name, or undefined. */
  field(name: string): Field | undefined {
    return this.#fieldsByName.get(name)
  }

  /** Source: ConnectSchema.toString. */
  toString(): string {
    const type = this.type.toUpperCase()
    return this.name === null ? `Schema{${type}}` : `Schema{${this.name}:${type}}`
  }
}

interface Interned {
  readonly schemas: Map<string, WeakRef<Schema>>
  readonly cleanup: FinalizationRegistry<string>
  nextId: number
}

/** One table per process, shared by all copies of this package that plugins may bundle. */
const interned = ((globalThis as Record<symbol, unknown>)[Symbol.for('headrace.schemas')] ??=
  newTable()) as Interned

function newTable(): Interned {
  const schemas = new Map<string, WeakRef<Schema>>()
  const cleanup = new FinalizationRegistry<string>((key) => {
    if (schemas.get(key)?.deref() === undefined) schemas.delete(key)
  })
  return { schemas, cleanup, nextId: 1 }
}

/**
 * Returns the interned schema with the given properties.
 *
 * Throws `HR_SCHEMA_INVALID` for duplicate or empty field names.
 */
export function makeSchema(init: SchemaInit): Schema {
  const key = internKey(init)
  const known = interned.schemas.get(key)?.deref()
  if (known !== undefined) return known
  refuseWrongFields(init)
  const schema = new Schema(init, interned.nextId++)
  interned.schemas.set(key, new WeakRef(schema))
  interned.cleanup.register(schema, key)
  return schema
}

function refuseWrongFields({ fields = [] }: SchemaInit): void {
  const names = new Set<string>()
  for (const [name] of fields) {
    if (name === '') throw new ConnectError('HR_SCHEMA_INVALID', 'fieldName cannot be null.')
    if (names.has(name)) {
      const message = `Cannot create field because of field name duplication ${name}`
      throw new ConnectError('HR_SCHEMA_INVALID', message)
    }
    names.add(name)
  }
}

function internKey(init: SchemaInit): string {
  const parameters = Object.entries(init.parameters ?? {})
  const { fields = [] } = init
  return JSON.stringify([
    init.type,
    init.optional === true ? 1 : 0,
    init.name ?? null,
    init.version ?? null,
    init.doc ?? null,
    parameters.length === 0 ? 0 : parameters,
    init.defaultValue === undefined || init.defaultValue === null ? 0 : canonicalText(init.defaultValue),
    fields.length === 0 ? 0 : fields.map(([name, schema]) => [name, schema.id]),
    init.keySchema?.id ?? 0,
    init.valueSchema?.id ?? 0,
  ])
}
