import {
  changedRecord,
  version,
  type ConfigDef,
  type ConnectRecord,
  type Header,
  type Infer,
  type Schema,
  type Transform,
} from '../api/index.ts'
import { transformName, type FieldTransformName } from './catalog.ts'

/** A key or value with its schema. */
export interface Half {
  readonly schema: Schema | null
  readonly value: unknown
  /** Set only if the headers change too. */
  readonly headers?: readonly Header[]
}

/** Transforms the key or the value of a record. Returns undefined when nothing changes. */
export type FieldStep = (schema: Schema | null, value: unknown, record: ConnectRecord) => Half | undefined

/** A transform that is written once and serves both keys and values. */
export interface FieldTransform<D extends ConfigDef> {
  readonly name: FieldTransformName
  readonly config: D
  /** Throws `HR_CONFIG_INVALID` when settings contradict each other. */
  create(config: Infer<D>): FieldStep
}

/** Returns the two transforms that users configure: `…$Key` and `…$Value`. */
export function keyAndValue<D extends ConfigDef>({
  name,
  config,
  create,
}: FieldTransform<D>): Transform<D>[] {
  const common = { kind: 'transformation', version, config } as const
  return [
    {
      ...common,
      name: `${transformName(name)}$Key`,
      create: (own) => {
        const step = create(own)
        return {
          apply: (record) => {
            const half = step(record.keySchema, record.key, record)
            if (half === undefined) return record
            const { schema: keySchema, value: key, headers = record.headers } = half
            return changedRecord(record, { keySchema, key, headers })
          },
        }
      },
    },
    {
      ...common,
      name: `${transformName(name)}$Value`,
      create: (own) => {
        const step = create(own)
        return {
          apply: (record) => {
            const half = step(record.valueSchema, record.value, record)
            if (half === undefined) return record
            const { schema: valueSchema, value, headers = record.headers } = half
            return changedRecord(record, { valueSchema, value, headers })
          },
        }
      },
    },
  ]
}

/** Caches the result of `compile` for each schema. */
export function perSchema<T>(compile: (schema: Schema) => T): (schema: Schema) => T {
  const compiled = new WeakMap<Schema, T>()
  let lastSchema: Schema | undefined
  let last: T
  return (schema) => {
    if (schema === lastSchema) return last
    let result = compiled.get(schema)
    if (result === undefined) compiled.set(schema, (result = compile(schema)))
    lastSchema = schema
    last = result
    return result
  }
}
