import type { Props } from '../../api/index.ts'

/** Whether two sets of settings are equal, key by key and as text. */
export function sameProps(a: Props, b: Props): boolean {
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key])
  )
}
