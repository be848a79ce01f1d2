import { at } from '../server/body.ts'
import { members } from './answers.ts'

/** Mappings can have many thousands of fields. */
const MOST_FIELDS = 20_000

/** Returns the types of the fields of a mapping by their paths, such as `customer.name`. */
export function mappedFields(mappings: unknown): ReadonlyMap<string, string> {
  const types = new Map<string, string>()
  const collect = (properties: unknown, prefix: string): void => {
    for (const [name, field] of members(properties)) {
      if (types.size >= MOST_FIELDS) return
      const nested = at(field, 'properties')
      const type = at(field, 'type')
      types.set(prefix + name, typeof type === 'string' ? type : 'object')
      if (nested !== undefined) collect(nested, `${prefix}${name}.`)
    }
  }
  collect(at(mappings, 'properties'), '')
  return types
}

/** A field that two mappings have with different types. */
export interface Conflict {
  readonly field: string
  readonly types: readonly [string, string]
}

export function conflictsOf(
  one: ReadonlyMap<string, string>,
  other: ReadonlyMap<string, string>,
): readonly Conflict[] {
  return [...one].flatMap(([field, type]) => {
    const second = other.get(field)
    return second === undefined || second === type ? [] : [{ field, types: [type, second] as const }]
  })
}

/** Lists conflicts, the first ones by name. */
export function conflictsText(conflicts: readonly Conflict[]): string {
  const shown = conflicts
    .slice(0, 5)
    .map(({ field, types }) => `'${field}' is ${types[0]} and ${types[1]}`)
    .join(', ')
  return conflicts.length > 5 ? `${shown} and ${conflicts.length - 5} more` : shown
}
