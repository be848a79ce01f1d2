import type { ErrorObject } from 'ajv'
import type { ConfigDef, ConfigKey } from '../../api/index.ts'
import { jsonSchemaOf } from '../definition/json-schema.ts'
import { parseSetting } from '../definition/parse-config.ts'
import type { SettingNote } from '../worker/index.ts'

/**
 * Checks the settings of a file: first their form against the JSON Schema of the definition, then their rules.
 * Finds all faults of the first kind before it looks for the second.
 */
export async function checkSettings(
  def: ConfigDef,
  props: Readonly<Record<string, string>>,
): Promise<SettingNote[]> {
  const { Ajv } = await import('ajv') // task processes share this module and never check files
  const ajv = new Ajv({ allErrors: true, coerceTypes: true, verbose: true, strictTypes: false })
  const valid = ajv.compile(jsonSchemaOf(def))
  const trimmed = Object.fromEntries(Object.entries(props).map(([key, value]) => [key, value.trim()]))
  if (!valid(trimmed)) return distinct((valid.errors ?? []).map((error) => describe(error, def, props)))
  return Object.entries(def).flatMap(([key, setting]) => {
    const [first] = parseSetting(key, setting, props).errors
    return first === undefined ? [] : [{ key, text: first }]
  })
}

function describe(error: ErrorObject, def: ConfigDef, props: Readonly<Record<string, string>>): SettingNote {
  if (error.keyword === 'required') {
    const { missingProperty } = error.params as { missingProperty: string }
    return { key: missingProperty, text: 'missing; it has no default' }
  }
  const key = error.instancePath.slice(1).replaceAll('~1', '/').replaceAll('~0', '~')
  return { key, text: `found '${props[key] ?? ''}', expected ${expected(error, def[key])}` }
}

function expected({ keyword, params, message }: ErrorObject, setting: ConfigKey | undefined): string {
  const values = params as Readonly<Record<string, unknown>>
  switch (keyword) {
    case 'type':
      return (
        { integer: 'a whole number', number: 'a number', boolean: 'true or false' }[String(values['type'])] ??
        'a text'
      )
    case 'minimum':
      return `at least ${String(values['limit'])}`
    case 'maximum':
      return `at most ${String(values['limit'])}`
    case 'enum':
      return `one of ${(values['allowedValues'] as string[]).join(', ')}`
    case 'pattern':
      return choices(String(values['pattern'])) ?? setting?.validate?.description ?? 'another text'
    case 'minLength':
      return 'something'
    default:
      return message ?? keyword
  }
}

/** The choices that the pattern of a case-insensitive one stands for, `^([aA]…|…)$`; undefined for other patterns. */
function choices(pattern: string): string | undefined {
  const letters = /^\^\(((?:\[.{2}\]|[^[\]()\\])+)\)\$$/.exec(pattern)?.[1]
  return letters
    ?.replaceAll(/\[(.).\]/g, '$1')
    .split('|')
    .join(', ')
}

/** One fault a setting: the first is the one to mend. */
function distinct(faults: readonly SettingNote[]): SettingNote[] {
  return [...new Map(faults.toReversed().map((fault) => [fault.key, fault])).values()].toReversed()
}
