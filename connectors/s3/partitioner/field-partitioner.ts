import { ConnectError, type Schema, type SinkRecord } from '../../../api/index.ts'
import type { Partitioner } from '../ports.ts'
import { fieldPath, pathReader, type FieldPath } from './field-path.ts'
import { kindOfValue, partitionError, placeOfRecord } from './partition-error.ts'

export interface FieldPartitionerOptions {
  /** `partition.field.name`: names of fields, nested ones with dots. */
  readonly fields: readonly string[]
  /** `directory.delim` */
  readonly delim: string
}

type StructDirectory = (struct: unknown) => string

/**
 * Partitions by fields of the value: `country=de/city=Berlin`. A field that is null is written as `null`.
 *
 * Throws `HR_DATA_INVALID` for a value that is not a struct, a field that does not exist, and a type other than integers,
 * strings and booleans. Source: FieldPartitioner.
 */
export function fieldPartitioner({ fields, delim }: FieldPartitionerOptions): Partitioner {
  const compiled = new WeakMap<Schema, StructDirectory>()
  let lastSchema: Schema | undefined
  let last: StructDirectory | undefined
  const compile = (schema: Schema): StructDirectory => {
    let directory = compiled.get(schema)
    if (directory === undefined) {
      directory = joined(
        fields.map((field) => partOf(schema, field)),
        delim,
      )
      compiled.set(schema, directory)
    }
    lastSchema = schema
    return (last = directory)
  }
  return {
    directoryOf(record) {
      const { value, valueSchema } = record
      if (valueSchema?.type !== 'struct' || value === null) throw notStruct(record)
      const directory = valueSchema === lastSchema && last !== undefined ? last : compile(valueSchema)
      return directory(value)
    },
  }
}

function notStruct(record: SinkRecord): ConnectError {
  const reason = `The value of ${placeOfRecord(record)} is ${kindOfValue(record)}, not a struct`
  return partitionError(`Error encoding partition. ${reason}, which FieldPartitioner requires.`)
}

function joined(parts: readonly StructDirectory[], delim: string): StructDirectory {
  const [first, ...rest] = parts
  if (first === undefined) return () => ''
  if (rest.length === 0) return first
  return (struct) => {
    let directory = first(struct)
    for (const part of rest) directory += delim + part(struct)
    return directory
  }
}

/** Returns the directory of one field. A fault of the schema is thrown for each record. */
function partOf(schema: Schema, name: string): StructDirectory {
  const path = fieldPath(schema, name)
  if (path === undefined) {
    throw new ConnectError('HR_DATA_INVALID', `Field '${name}' is not present in the schema.`)
  }
  const read = pathReader(path)
  const text = textOf(name, path)
  const start = `${name}=`
  return (struct) => {
    const value = read(struct)
    return value === null ? `${start}null` : start + text(value)
  }
}

function textOf(name: string, { schemas }: FieldPath): (value: unknown) => string {
  const schema = schemas.at(-1)
  const refuse = (): never => {
    const type = schema?.name ?? schema?.type
    const expected = 'an integer, a string or a boolean'
    throw partitionError(`Error encoding partition. Field '${name}' has the type ${type}, not ${expected}.`)
  }
  switch (schema?.type) {
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
      return (value) => (value instanceof Date ? refuse() : String(value))
    case 'string':
    case 'boolean':
      return String
    default:
      return refuse
  }
}
