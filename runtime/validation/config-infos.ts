import { ConnectError, type ConfigDef, type ConfigKey, type ConfigType } from '../../api/index.ts'
import { doubleText } from '../../java/index.ts'
import { hashOrder } from '../../config/index.ts'

/** The definition of a setting as the REST API shows it. Source: ConfigKeyInfo. */
export interface ConfigKeyInfo {
  readonly name: string
  readonly type: string
  readonly required: boolean
  readonly default_value: string | null
  readonly importance: string
  readonly documentation: string
  readonly group: string | null
  readonly order_in_group: number
  readonly width: string
  readonly display_name: string
  readonly dependents: readonly string[]
  /** The following are not in Kafka Connect; only `/headrace/validate` returns them. */
  readonly examples?: readonly string[]
  readonly deprecated?: string
  readonly since?: string
}

/** The value of a setting and its errors. Source: ConfigValueInfo. */
export interface ConfigValueInfo {
  readonly name: string
  readonly value: string | null
  readonly recommended_values: readonly string[]
  readonly errors: readonly string[]
  readonly visible: boolean
}

export interface ConfigInfo {
  readonly definition: ConfigKeyInfo | null
  readonly value: ConfigValueInfo | null
}

/** The response of `…/config/validate`. Source: ConfigInfos. */
export interface ConfigInfos {
  readonly name: string
  readonly error_count: number
  readonly groups: readonly string[]
  readonly configs: readonly ConfigInfo[]
}

/** Validation results of one setting so far. */
export interface SettingState {
  value: unknown
  readonly errors: string[]
  recommended: readonly string[]
  visible: boolean
}

export type SettingStates = Map<string, SettingState>

export function newSettingState(value: unknown = null): SettingState {
  return { value, errors: [], recommended: [], visible: true }
}

/** Adds an error to a setting; adds the setting when it is missing. */
export function addError(states: SettingStates, key: string, message: string, value: unknown = null): void {
  const state = states.get(key) ?? newSettingState(value)
  states.set(key, state)
  state.errors.push(message)
}

export function keyInfo(key: string, def: ConfigKey): ConfigKeyInfo {
  const { examples, deprecated, since } = def
  const required = def.default === undefined
  return {
    name: key,
    type: def.type.toUpperCase(),
    required,
    default_value: required ? null : valueText(def.default, def.type),
    importance: def.importance.toUpperCase(),
    documentation: def.doc,
    group: def.group ?? null,
    order_in_group: def.order ?? -1,
    width: (def.width ?? 'none').toUpperCase(),
    display_name: def.displayName ?? key,
    dependents: def.dependents ?? [],
    ...(examples === undefined ? {} : { examples }),
    ...(deprecated === undefined ? {} : { deprecated }),
    ...(since === undefined ? {} : { since }),
  }
}

export function valueInfo(key: string, state: SettingState, type: ConfigType | null): ConfigValueInfo {
  return {
    name: key,
    value: valueText(state.value, type),
    recommended_values: [...state.recommended],
    errors: [...state.errors],
    visible: state.visible,
  }
}

/** The greatest long, rounded up. */
const MAX_LONG = 2 ** 63

/** The text form of a value in responses. Source: ConfigDef.convertToString. */
function valueText(value: unknown, type: ConfigType | null): string | null {
  if (value === null || value === undefined) return null
  if (Array.isArray(value)) return value.join(',')
  if (type === 'long' && value === MAX_LONG) return '9223372036854775807'
  return type === 'double' && typeof value === 'number' ? doubleText(value) : String(value)
}

/**
 * Settings without a definition, then the defined ones in definition order.
 *
 * Source: AbstractHerder.generateResult.
 */
export function configInfos(
  name: string,
  def: ConfigDef,
  states: SettingStates,
  groups: readonly string[],
): ConfigInfos {
  const configs: ConfigInfo[] = []
  for (const [key, state] of hashOrder([...states], ([settingName]) => settingName)) {
    if (!Object.hasOwn(def, key)) configs.push({ definition: null, value: valueInfo(key, state, null) })
  }
  for (const [key, setting] of Object.entries(def)) {
    const state = states.get(key)
    configs.push({
      definition: keyInfo(key, setting),
      value: state === undefined ? null : valueInfo(key, state, setting.type),
    })
  }
  const errors = [...states.values()].reduce((sum, state) => sum + state.errors.length, 0)
  return { name, error_count: errors, groups, configs }
}

/** Groups of the definitions, in order of first appearance. */
export function groupsOf(...defs: readonly ConfigDef[]): string[] {
  const groups = defs.flatMap((def) => Object.values(def).map((setting) => setting.group))
  return [...new Set(groups.filter((group) => group !== undefined))]
}

export function mergedInfos(name: string, parts: readonly (ConfigInfos | undefined)[]): ConfigInfos {
  const known = parts.filter((part) => part !== undefined)
  return {
    name,
    error_count: known.reduce((sum, part) => sum + part.error_count, 0),
    groups: [...new Set(known.flatMap((part) => part.groups))],
    configs: known.flatMap((part) => part.configs),
  }
}

/**
 * Throws `HR_BAD_REQUEST` with all errors of invalid settings.
 *
 * Source: AbstractHerder.maybeAddConfigErrors.
 */
export function refuseInvalid(infos: ConfigInfos): void {
  if (infos.error_count === 0) return
  const errors = infos.configs.flatMap(({ value }) => value?.errors ?? [])
  const head = `Connector configuration is invalid and contains the following ${infos.error_count} error(s):`
  const foot =
    'You can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`'
  throw new ConnectError('HR_BAD_REQUEST', [head, ...errors, foot].join('\n'))
}
