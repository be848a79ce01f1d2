import { ConnectError, invalidValue, schemaTypes, type SchemaType } from '../../api/index.ts'
import { colonParts } from '../rules.ts'

export const castTargets = [
  'int8',
  'int16',
  'int32',
  'int64',
  'float32',
  'float64',
  'boolean',
  'string',
] as const

/** A supported target type. */
export type CastTarget = (typeof castTargets)[number]

/** The target type of the whole value, or of fields by name. */
export interface CastSpec {
  readonly whole: CastTarget | undefined
  readonly fields: ReadonlyMap<string, CastTarget>
}

/** Throws `HR_CONFIG_INVALID` with Kafka Connect's message. Source: Cast.parseFieldTypes. */
export function parseCastSpec(mappings: readonly string[] | null): CastSpec {
  if (mappings === null || mappings.length === 0) throw refused('Must specify at least one field to cast.')
  const fields = new Map<string, CastTarget>()
  let whole: CastTarget | undefined
  for (const mapping of mappings) {
    const parts = colonParts(mapping)
    if (parts.length > 2) {
      throw refused(invalidValue('renames', mappings, `Invalid rename mapping: ${mapping}`))
    }
    const [name = '', type] = parts
    if (parts.length === 1) whole = targetOf(name)
    else fields.set(name.trim(), targetOf(type ?? ''))
  }
  if (whole !== undefined && mappings.length > 1) {
    throw refused(
      'Cast transformations that specify a type to cast the entire value to may only specify a single cast in their spec',
    )
  }
  return { whole, fields }
}

function targetOf(text: string): CastTarget {
  const name = text.trim()
  const type = schemaTypes.find((known) => known === name.toLowerCase())
  if (type === undefined) throw refused(unknownType(name))
  const target = castTargets.find((known) => known === type)
  if (target !== undefined) return target
  throw refused(
    `Cast transformation does not support casting to ${type.toUpperCase()}; supported types are ${listOf(castTargets)}`,
  )
}

/** Kafka Connect passes the message as the setting's name here; the wording is kept. */
function unknownType(name: string): string {
  const constant = `org.apache.kafka.connect.data.Schema.Type.${name.toUpperCase()}`
  const value = `java.lang.IllegalArgumentException: No enum constant ${constant}`
  return invalidValue(`Invalid type found in casting spec: ${name}`, value)
}

export const listOf = (types: readonly SchemaType[]): string =>
  `[${types.map((type) => type.toUpperCase()).join(', ')}]`

function refused(message: string): ConnectError {
  return new ConnectError('HR_CONFIG_INVALID', message, { configKey: 'spec' })
}
