import type { Props } from '../../api/index.ts'

/** Returns the settings without null values, as plugins get them. */
export function withoutNulls(props: Props): Record<string, string> {
  return Object.fromEntries(
    Object.entries(props).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
  )
}

/** Returns the settings that start with a prefix, with the prefix removed. */
export function withPrefix<V extends string | null>(
  props: Readonly<Record<string, V>>,
  prefix: string,
): Record<string, V> {
  return Object.fromEntries(
    Object.entries(props)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  )
}
