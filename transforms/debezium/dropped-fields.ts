import type { ConnectRecord, RecordChanges, Schema } from '../../api/index.ts'
import type { FieldStep, Half } from '../field-transform.ts'
import { replaceField } from '../fields/replace-field.ts'
import { fieldsOf } from '../structs.ts'
import type { UnwrapConfig } from './unwrap-config.ts'

const none: ReadonlySet<string> = new Set()

/** Returns the changes that drop fields from a record. The `kept` fields stay in the value. */
export type FieldDropper = (record: ConnectRecord, kept?: ReadonlySet<string>) => RecordChanges

/**
 * Returns a function that drops the fields listed in a header of the record, or undefined if no header is configured.
 *
 * Like ReplaceField, it replaces nulls with the defaults of their fields when it drops fields. Differs: a header that
 * is not a list drops nothing.
 */
export function fieldDropper(config: UnwrapConfig): FieldDropper | undefined {
  const name = config['drop.fields.header.name']
  if (name === null || name === '') return undefined
  const optionalOnly = config['drop.fields.keep.schema.compatible']
  const [fromKey, fromValue] = [exclusion(), exclusion()]
  return (record, kept) => {
    const listed = record.headers.find((header) => header.key === name)?.value
    if (!Array.isArray(listed) || listed.length === 0) return {}
    const names = listed.map(String)
    const without = (exclude: Exclusion, schema: Schema | null, value: unknown, stays = none): Half => {
      const found = optionalOnly ? optionalFields(schema, names) : names
      const dropped = found.filter((field) => !stays.has(field))
      const nothing = optionalOnly && dropped.length === 0
      return (nothing ? undefined : exclude(dropped)(schema, value, record)) ?? { schema, value }
    }
    const { schema: valueSchema, value } = without(fromValue, record.valueSchema, record.value, kept)
    if (!config['drop.fields.from.key']) return { valueSchema, value }
    const { schema: keySchema, value: key } = without(fromKey, record.keySchema, record.key)
    return { valueSchema, value, keySchema, key }
  }
}

function optionalFields(schema: Schema | null, names: readonly string[]): readonly string[] {
  if (schema === null) return []
  const fields = fieldsOf(schema).filter((field) => field.schema.optional && names.includes(field.name))
  return fields.map((field) => field.name)
}

type Exclusion = (names: readonly string[]) => FieldStep

/** Excludes fields. Keeps the step compiled for the last list of names. */
function exclusion(): Exclusion {
  let last = ''
  let step: FieldStep | undefined
  return (names) => {
    const text = JSON.stringify(names)
    if (step === undefined || text !== last) {
      step = replaceField.create({
        'exclude': names,
        'include': [],
        'renames': [],
        'replace.null.with.default': true,
      })
      last = text
    }
    return step
  }
}
