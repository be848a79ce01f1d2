import { Secret, type ConfigDef, type ConfigKey } from '../../api/index.ts'
import { doubleText } from '../../java/index.ts'
import { code, prose, table } from './markdown.ts'

/** Defaults that are shown as words. */
const spelled = new Map<unknown, string>([
  [Number.MAX_SAFE_INTEGER, 'no limit'],
  [2 ** 63, 'no limit'],
  ['', 'empty'],
])

/** Returns a table of the settings, in the order of the definition. */
export function settingsTable(def: ConfigDef, prefix = ''): string {
  const rows = Object.entries<ConfigKey>(def).map(([key, setting]) => [
    code(prefix + key),
    descriptionOf(setting),
    setting.type,
    defaultOf(setting),
    allowed(setting),
    setting.importance,
  ])
  if (rows.length === 0) return 'No settings.'
  return table(['Setting', 'Description', 'Type', 'Default', 'Allowed', 'Importance'], rows)
}

function descriptionOf({ doc, examples = [], since, deprecated }: ConfigKey): string {
  const label = examples.length === 1 ? 'Example' : 'Examples'
  return [
    ...(deprecated === undefined ? [] : [`**Deprecated:** use ${deprecated} instead.`]),
    prose(doc),
    ...(examples.length === 0 ? [] : [`${label}: ${examples.map(code).join(', ')}.`]),
    ...(since === undefined ? [] : [`Since ${since}.`]),
  ].join(' ')
}

export function defaultOf({ default: value, type }: ConfigKey): string {
  if (value === undefined) return '**required**'
  if (value === null) return 'none'
  if (Array.isArray(value)) return value.length === 0 ? 'empty' : code(value.join(','))
  if (value instanceof Secret) return '(hidden)'
  if (type === 'double' && typeof value === 'number') return code(doubleText(value))
  return spelled.get(value) ?? code(String(value))
}

function allowed({ validate, recommender, type }: ConfigKey): string {
  if (validate !== undefined && validate.description !== '') return code(validate.description)
  if (type === 'boolean') return code('[true, false]')
  const values = recommender?.validValues({}) ?? []
  return values.length === 0 ? '' : code(`[${values.join(', ')}]`)
}
