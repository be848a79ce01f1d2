import type { ConfigDef, ConfigKey, Props, Validator } from '../../api/index.ts'
import { parseSetting, type ResolveClass } from '../../config/index.ts'
import { newSettingState, type SettingStates } from './config-infos.ts'

/** What a definition says of settings as written: values, errors, recommendations. Source: ConfigDef.validateAll. */
export function validateDefinition(def: ConfigDef, props: Props, resolve?: ResolveClass): SettingStates {
  const states: SettingStates = new Map()
  for (const [key, setting] of Object.entries(def)) {
    const { value, errors } = parseSetting(key, setting, props, resolve)
    const state = newSettingState(value)
    state.errors.push(...errors)
    state.recommended = setting.recommender?.validValues(props) ?? []
    state.visible = setting.recommender?.visible?.(props) ?? true
    states.set(key, state)
  }
  return states
}

/**
 * A definition as part of a larger one: each key behind a prefix, in the order of importance, with places in its group
 * from `firstPlace` on. Rules go on speaking of the key without the prefix.
 *
 * Source: ConfigDef.embed.
 */
export function embedded(def: ConfigDef, prefix: string, group: string, firstPlace: number): ConfigDef {
  return Object.fromEntries(
    sorted(def).map(([key, setting], index) => {
      const { validate, displayName = key, dependents = [] } = setting
      const changes = {
        displayName,
        group: setting.group === undefined ? group : `${group}: ${setting.group}`,
        order: firstPlace + index,
        dependents: dependents.map((dependent) => prefix + dependent),
        ...(validate === undefined ? {} : { validate: speakingOf(key, validate) }),
      }
      return [prefix + key, { ...setting, ...changes }]
    }),
  ) as ConfigDef
}

/** What a list repeats is no longer dropped then: Java does not see the rule of the list within the wrapped one. */
function speakingOf(key: string, validate: Validator): Validator {
  return { ...validate, distinct: false, check: (_prefixed, value) => validate.check(key, value) }
}

const importances = ['high', 'medium', 'low']

/** Groups as they come, then places, what is required, importance and name. Source: ConfigDef.sortedConfigs. */
function sorted(def: ConfigDef): [string, ConfigKey][] {
  const entries: [string, ConfigKey][] = Object.entries(def)
  const groups = [
    undefined,
    ...new Set(entries.map(([, { group }]) => group).filter((group) => group !== undefined)),
  ]
  const ranks = ([, setting]: [string, ConfigKey]): number[] => [
    groups.indexOf(setting.group),
    setting.order ?? -1,
    setting.default === undefined ? 0 : 1,
    importances.indexOf(setting.importance),
  ]
  return entries.toSorted((a, b) => {
    const [left, right] = [ranks(a), ranks(b)]
    const differing = left.findIndex((rank, index) => rank !== right[index])
    if (differing >= 0) return (left[differing] ?? 0) - (right[differing] ?? 0)
    return a[0] < b[0] ? -1 : 1
  })
}
