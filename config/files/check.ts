import type { ErrorObject } from 'ajv'
import { isConnectError, type ConfigDef } from '../../api/index.ts'
import { jsonSchemaOf } from '../definition/json-schema.ts'
import { nearest } from '../definition/nearest.ts'
import { parseConfig } from '../definition/parse-config.ts'

/** What is wrong with a setting of a file. */
export interface FileFault {
  readonly key: string
  /** What was found and what was expected. */
  readonly text: string
}

/**
 * Checks the settings of a file: first their form against the JSON Schema of the definition, then their rules.
 * Finds all faults of the first kind before it looks for the second.
 */
export async function checkSettings(
  def: ConfigDef,
  props: Readonly<Record<string, string>>,
): Promise<FileFault[]> {
  const { Ajv } = await import('ajv') // task processes share this module and never check files
  const ajv = new Ajv({ allErrors: true, coerceTypes: true, verbose: true, strictTypes: false })
  const valid = ajv.compile(jsonSchemaOf(def))
  const trimmed = Object.fromEntries(Object.entries(props).map(([key, value]) => [key, value.trim()]))
  if (!valid(trimmed)) return distinct((valid.errors ?? []).map((error) => describe(error, props)))
  try {
    parseConfig(def, props)
    return []
  } catch (error) {
    if (!isConnectError(error) || error.configKey === undefined) throw error
    return [{ key: error.configKey, text: error.message }]
  }
}

/** Settings that the definition does not have, each with the one that may have been meant. */
export function unknownSettings(
  keys: Iterable<string>,
  isKnown: (key: string) => boolean,
  known: readonly string[],
): FileFault[] {
  return [...keys]
    .filter((key) => !isKnown(key))
    .map((key) => {
      const meant = nearest(key, known)
      return { key, text: `no such setting${meant === undefined ? '' : `; did you mean ${meant}?`}` }
    })
}

function describe(error: ErrorObject, props: Readonly<Record<string, string>>): FileFault {
  if (error.keyword === 'required') {
    const { missingProperty } = error.params as { missingProperty: string }
    return { key: missingProperty, text: 'missing; it has no default' }
  }
  const key = error.instancePath.slice(1).replaceAll('~1', '/').replaceAll('~0', '~')
  return { key, text: `found '${props[key] ?? ''}', expected ${expected(error)}` }
}

function expected({ keyword, params, message }: ErrorObject): string {
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
      return readablePattern(String(values['pattern']))
    case 'minLength':
      return 'something'
    default:
      return message ?? keyword
  }
}

/** The patterns of case-insensitive choices, `^([aA]…|…)$`, as the choices that they stand for. */
function readablePattern(pattern: string): string {
  const choices = /^\^\((.*)\)\$$/.exec(pattern)?.[1]
  if (choices === undefined) return `text of the form ${pattern}`
  return `one of ${choices
    .replaceAll(/\[(.)[^\]]*\]/g, '$1')
    .split('|')
    .join(', ')}`
}

/** One fault a setting: the first is the one to mend. */
function distinct(faults: readonly FileFault[]): FileFault[] {
  return [...new Map(faults.toReversed().map((fault) => [fault.key, fault])).values()].toReversed()
}
