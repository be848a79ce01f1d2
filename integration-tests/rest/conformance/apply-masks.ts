import type { Place } from './scenario.ts'
import type { MaskRule } from './masks.ts'

type Json = Readonly<Record<string, unknown>>

/** Returns a body after applying the rules in order. */
export function masked(body: unknown, rules: readonly MaskRule[], place: Place): unknown {
  return rules.reduce((value, rule) => walk(value, [], rule, place), body)
}

function walk(value: unknown, path: readonly string[], rule: MaskRule, place: Place): unknown {
  const pattern = rule.path === '' ? [] : rule.path.split('.')
  const changed = matches(pattern, path) ? applied(value, rule, place) : value
  if (Array.isArray(changed)) {
    return changed.map((item, index) => walk(item, [...path, String(index)], rule, place))
  }
  if (!isObject(changed)) return changed
  return Object.fromEntries(
    Object.entries(changed).map(([key, item]) => [key, walk(item, [...path, key], rule, place)]),
  )
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  const [first, ...rest] = pattern
  if (first === undefined) return path.length === 0
  if (first === '**') return matches(rest, path) || (path.length > 0 && matches(pattern, path.slice(1)))
  return path.length > 0 && (first === '*' || first === path[0]) && matches(rest, path.slice(1))
}

function applied(value: unknown, rule: MaskRule, { prefix }: Place): unknown {
  const { op, re = /$^/, to = '', by, keys = [], names = [] } = rule
  switch (op) {
    case 'present':
      return value === null || value === '' ? '<empty>' : '<present>'
    case 'type':
      return `<${value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value}>`
    case 'exClass':
      return typeof value === 'string' ? `<${/^[\w.$]+/.exec(value)?.[0] ?? '?'}>` : value
    case 'firstLine':
      return typeof value === 'string' ? value.split('\n')[0]?.trim() : value
    case 'sub':
      return typeof value === 'string' ? value.replace(re, to) : value
    case 'sort':
      return Array.isArray(value) ? value.toSorted((a, b) => order(at(a, by), at(b, by))) : value
    case 'own':
      return ownOnly(value, prefix)
    case 'apacheOnly':
      return Array.isArray(value) ? value.filter(isApacheOrNoClass).toSorted(order) : value
    case 'pick':
      return isObject(value)
        ? Object.fromEntries(keys.flatMap((key) => (key in value ? [[key, value[key]]] : [])))
        : value
    case 'byName':
      return Array.isArray(value) ? names.map((name) => named(value, name)) : value
    case 'pluginVersion':
      return withoutPluginVersions(value)
  }
}

function ownOnly(value: unknown, prefix: string): unknown {
  if (Array.isArray(value)) return value.filter((item) => String(item).includes(prefix)).toSorted(order)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([key]) => key.includes(prefix)))
}

const isApacheOrNoClass = (text: unknown): boolean =>
  !/^[a-z]+(\.[\w$]+)+$/.test(String(text)) || String(text).startsWith('org.apache.kafka.')

function named(list: readonly unknown[], name: string): unknown {
  const found = list.find((item) =>
    ['value.name', 'definition.name', 'name'].some((path) => at(item, path) === name),
  )
  return found ?? { name, '<missing>': true }
}

/** Versions may differ, so only their presence is compared. */
function withoutPluginVersions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPluginVersions)
  if (!isObject(value)) return value
  const hit = typeof value['name'] === 'string' && value['name'].endsWith('plugin.version')
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (hit && ['value', 'default_value'].includes(key) && typeof item === 'string')
        return [key, '<present>']
      if (hit && key === 'recommended_values' && (item as unknown[]).length > 0) return [key, ['<present>']]
      return [key, withoutPluginVersions(item)]
    }),
  )
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null

const at = (value: unknown, path = ''): unknown =>
  path === '' ? value : path.split('.').reduce((item, key) => (isObject(item) ? item[key] : undefined), value)

function order(a: unknown, b: unknown): number {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)]
  return left < right ? -1 : left > right ? 1 : 0
}
