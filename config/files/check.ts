import type { ErrorObject } from 'ajv'
import type { ConfigDef, ConfigKey } from '../../api/index.ts'
import { parseSetting } from '../../java/index.ts'
import { jsonSchemaOf } from '../definition/json-schema.ts'
import type { SettingNote } from '../worker/index.ts'

/**
 * Validates the settings of a file; resolves to at most one error per setting. Errors that the JSON Schema of the
 * definition covers get its description; the schema is compiled only when there is an error.
 */
export async function checkSettings(
  def: ConfigDef,
  props: Readonly<Record<string, string>>,
): Promise<SettingNote[]> {
  const faults = Object.entries(def).flatMap(([key, setting]) => {
    const [text] = parseSetting(key, setting, props).errors
    return text === undefined ? [] : [{ key, text }]
  })
  if (faults.length === 0) return []
  const descriptions = await describeForm(def, props)
  return faults.map(({ key, text }) => ({ key, text: descriptions.get(key) ?? text }))
}

/** Resolves to the descriptions of JSON Schema errors, by setting. */
async function describeForm(
  def: ConfigDef,
  props: Readonly<Record<string, string>>,
): Promise<Map<string, string>> {
  const { Ajv } = await import('ajv')
  const ajv = new Ajv({ allErrors: true, coerceTypes: true, verbose: true, strictTypes: false })
  const validate = ajv.compile(jsonSchemaOf(def))
  validate(Object.fromEntries(Object.entries(props).map(([key, value]) => [key, value.trim()])))
  const notes = (validate.errors ?? []).map((error) => describe(error, def, props))
  return new Map(notes.toReversed().map(({ key, text }) => [key, text]))
}

function describe(error: ErrorObject, def: ConfigDef, props: Readonly<Record<string, string>>): SettingNote {
  if (error.keyword === 'required') {
    const { missingProperty } = error.params as { missingProperty: string }
    return { key: missingProperty, text: 'required, but not set' }
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
        'a string'
      )
    case 'minimum':
      return `at least ${String(values['limit'])}`
    case 'maximum':
      return `at most ${String(values['limit'])}`
    case 'enum':
      return `one of ${(values['allowedValues'] as string[]).join(', ')}`
    case 'pattern':
      return choices(String(values['pattern'])) ?? ruleOf(setting)
    case 'const':
    case 'anyOf':
      return ruleOf(setting)
    case 'minLength':
      return 'a non-empty value'
    default:
      return message ?? keyword
  }
}

const ruleOf = (setting: ConfigKey | undefined): string => setting?.validate?.description ?? 'another value'

/** Returns the choices of a case-insensitive pattern such as `^([aA]…|…)$`, or undefined for other patterns. */
function choices(pattern: string): string | undefined {
  const letters = /^\^\(((?:\[.{2}\]|[^[\]()\\])+)\)\$$/.exec(pattern)?.[1]
  return letters === undefined
    ? undefined
    : `one of ${letters.replaceAll(/\[(.).\]/g, '$1').replaceAll('|', ', ')}`
}
