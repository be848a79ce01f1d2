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
 * A definition as part of a larger one: each key behind a prefix. Rules go on speaking of the key without it.
 *
 * Source: ConfigDef.embed.
 */
export function embedded(def: ConfigDef, prefix: string, groupOf: (setting: ConfigKey) => string): ConfigDef {
  return Object.fromEntries(
    Object.entries(def).map(([key, setting]) => {
      const { validate, displayName = key, dependents = [] } = setting
      const changes = {
        displayName,
        group: groupOf(setting),
        dependents: dependents.map((dependent) => prefix + dependent),
        ...(validate === undefined ? {} : { validate: speakingOf(key, validate) }),
      }
      return [prefix + key, { ...setting, ...changes }]
    }),
  ) as ConfigDef
}

function speakingOf(key: string, validate: Validator): Validator {
  return { ...validate, check: (_prefixed, value) => validate.check(key, value) }
}
