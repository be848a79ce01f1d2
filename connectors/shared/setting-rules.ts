import type { ConfigDef, ConfigKey } from '../../api/index.ts'

/** Types of settings, to be spread into definitions: `'batch.size': { ...int, importance: 'medium', … }`. */

export const text = { type: 'string' } as const
export const secret = { type: 'password' } as const
export const bool = { type: 'boolean' } as const
export const int = { type: 'int' } as const
export const long = { type: 'long' } as const
export const list = { type: 'list' } as const

/** Recommends the given values, whatever the other settings are. */
export const recommends = <const V extends string>(...values: readonly V[]) => ({
  recommender: { validValues: () => values },
})

/** Sets the group of all settings, and their order within it, starting with `first`. */
export function inGroup<const D extends ConfigDef>(group: string, def: D, first = 1): D {
  return eachSetting(def, (setting, index) => ({ ...setting, group, order: first + index }))
}

/** Marks settings that the connector for Java does not have or does not list. Responses have them only if they are set. */
export function asExtensions<const D extends ConfigDef>(def: D): D {
  return eachSetting(def, (setting) => ({ ...setting, extension: true }))
}

function eachSetting<D extends ConfigDef>(
  def: D,
  change: (setting: ConfigKey, index: number) => ConfigKey,
): D {
  return Object.fromEntries(
    Object.entries<ConfigKey>(def).map(([key, setting], index) => [key, change(setting, index)]),
  ) as D
}
