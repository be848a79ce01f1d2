import type { Props } from '../../../../api/index.ts'
import type { PluginRegistry } from '../../../plugins/index.ts'
import { passwordKeys } from '../../../validation/index.ts'

const HIDDEN = '[hidden]'

/**
 * Returns a function that hides the values of password settings in a text, even as part of a URL or quoted in JSON.
 * `props` must have their variables resolved. Invariant 8.
 */
export function secretsHidden(registry: PluginRegistry, props: Props): (text: string) => string {
  const secrets = passwordKeys(registry, props)
    .map((key) => props[key]?.trim() ?? '')
    .filter((value) => value !== '')
    .flatMap((value) => [value, inUrl(value), JSON.stringify(value).slice(1, -1)])
    .toSorted((a, b) => b.length - a.length) // a secret may contain another one
  if (secrets.length === 0) return (text) => text
  // One pass: a secret may be a part of the replacement
  const pattern = new RegExp([...new Set(secrets)].map(escaped).join('|'), 'g')
  return (text) => text.replaceAll(pattern, HIDDEN)
}

const inUrl = (text: string): string => encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, ''))
const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
