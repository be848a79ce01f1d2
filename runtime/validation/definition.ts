import type { ConfigDef, ConfigKey, Props, Validator } from '../../api/index.ts'
import { parseSetting, type ResolveClass } from '../../config/index.ts'
import { newSettingState, type SettingStates } from './config-infos.ts'

/**
 * Validates settings against a definition: values, errors, recommended values.
 *
 * Source: ConfigDef.validateAll.
 */
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
 * A definition as part of a larger one: keys are prefixed and sorted by importance, and their order in the
 * group starts at `firstPlace`. Validators still receive the key without the prefix.
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

/** Turns off deduplication of lists: Java does not see the list validator inside the wrapped one. */
function speakingOf(key: string, validate: Validator): Validator {
  return { ...validate, distinct: false, check: (_prefixed, value) => validate.check(key, value) }
}

const importances = ['high', 'medium', 'low']

/** Sorts by group, order, required before optional, importance, and name. Source: ConfigDef.sortedConfigs. */
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
