import { ConnectError, messageOf, type ConfigType, type Props } from '../../api/index.ts'
import { distributedWorkerConfig, hashOrder, parseValue, withPrefix } from '../../config/index.ts'
import { clientSetting, type ClientKind, type ClientSetting } from '../kafka/index.ts'
import {
  keyInfo,
  newSettingState,
  valueInfo,
  type ConfigInfo,
  type ConfigInfos,
  type ConfigKeyInfo,
} from './config-infos.ts'

/**
 * Which client settings connectors may override. Returns why a setting is rejected; undefined when it is
 * allowed.
 */
export type OverridePolicy = (key: string) => string | undefined

const PACKAGE = 'org.apache.kafka.connect.connector.policy.'
const SUFFIX = 'ConnectorClientConfigOverridePolicy'

const principalKeys = ['security.protocol', 'sasl.jaas.config', 'sasl.mechanism']

/**
 * The policy of `connector.client.config.override.policy`, by its short or full name.
 *
 * Throws `HR_CONFIG_INVALID` when the policy does not exist. Source: KIP-458.
 */
export function overridePolicy(worker: Readonly<Record<string, string>>): OverridePolicy {
  const configKey = 'connector.client.config.override.policy'
  const written = worker[configKey]?.trim() ?? distributedWorkerConfig[configKey].default
  const name = written.replace(PACKAGE, '').replace(SUFFIX, '')
  if (name === 'All') return () => undefined
  const allowlist =
    worker['connector.client.config.override.allowlist']?.split(',').map((key) => key.trim()) ?? []
  const lists: Readonly<Record<string, readonly string[]>> = {
    None: [],
    Principal: principalKeys,
    Allowlist: allowlist,
  }
  const allowed = lists[name]
  if (allowed !== undefined) {
    return (key) =>
      allowed.includes(key)
        ? undefined
        : `The '${name}' policy does not allow '${key}' to be overridden in the connector configuration.`
  }
  const message = `Invalid value ${written} for configuration ${configKey}: supported are All, None, Principal, Allowlist`
  throw new ConnectError('HR_CONFIG_INVALID', message, { configKey })
}

/**
 * The `<client>.override.` settings of a connector that is about to start, without the prefix.
 *
 * Throws `HR_CONNECT` when the worker's policy rejects one. Source: Worker.connectorClientConfigOverrides.
 */
export function permittedOverrides(
  client: ClientKind,
  props: Props,
  worker: Readonly<Record<string, string>>,
): Props {
  const policy = overridePolicy(worker)
  const prefix = `${client}.override.`
  const overrides = withPrefix(props, prefix)
  for (const key of Object.keys(overrides)) {
    const fault = policy(key)
    if (fault === undefined) continue
    const message = `Client Config Overrides not allowed: ${fault}`
    throw new ConnectError('HR_CONNECT', message, { configKey: prefix + key })
  }
  return overrides
}

/** The Kafka clients of a connector, whose overrides are validated. */
function clientsOf(kind: 'source' | 'sink', props: Props): ClientKind[] {
  const deadLetters = (props['errors.deadletterqueue.topic.name']?.trim() ?? '') !== ''
  if (kind === 'sink') return deadLetters ? ['producer', 'admin', 'consumer'] : ['consumer']
  const createsTopics = Object.keys(props).some((key) => key.startsWith('topic.creation.'))
  const ownOffsets = (props['offsets.storage.topic']?.trim() ?? '') !== ''
  const admin: ClientKind[] = createsTopics || ownOffsets ? ['admin'] : []
  return ['producer', ...admin, ...(ownOffsets ? (['consumer'] as const) : [])]
}

const inAnswer: readonly ClientKind[] = ['producer', 'consumer', 'admin']

/**
 * Validates each override against the policy.
 *
 * Throws `HR_CONNECT` for a value of the wrong type. Source: AbstractHerder.validateClientOverrides.
 */
export function overrideInfos(kind: 'source' | 'sink', props: Props, policy: OverridePolicy): ConfigInfos {
  const parts = new Map(clientsOf(kind, props).map((client) => [client, overridesOf(client, props, policy)]))
  const configs = inAnswer.flatMap((client) => parts.get(client) ?? [])
  const faulty = configs.filter(({ value }) => value !== null && value.errors.length > 0)
  return { name: '', error_count: faulty.length, groups: [], configs }
}

/** Differs: Kafka Connect detects an invalid compression level only when the task starts. */
const COMPRESSION_LEVEL = /^compression\.\w+\.level$/

function overridesOf(client: ClientKind, props: Props, policy: OverridePolicy): ConfigInfo[] {
  const prefix = `${client}.override.`
  const entries = hashOrder(Object.entries(withPrefix(props, prefix)), ([key]) => key)
  return entries.map(([key, text]) => {
    const setting = clientSetting(client, key)
    const state = newSettingState(setting === undefined ? text : parsed(key, setting.type, text))
    const faults = [
      policy(key),
      COMPRESSION_LEVEL.test(key) ? setting?.validate?.check(prefix + key, state.value) : undefined,
    ]
    state.errors.push(...faults.filter((fault) => fault !== undefined))
    const definition = setting === undefined ? null : clientKeyInfo(prefix, key, setting)
    return { definition, value: valueInfo(prefix + key, state, setting?.type ?? null) }
  })
}

/** A client setting as part of a connector's definition. Source: AbstractHerder.convertConfigKey. */
function clientKeyInfo(prefix: string, name: string, setting: ClientSetting): ConfigKeyInfo {
  const { javaDefault } = setting
  const asInJava = javaDefault === undefined ? setting : { ...setting, default: javaDefault }
  return { ...keyInfo(prefix + name, asInJava), display_name: name }
}

/** Classes of the Java worker's distribution and of the JDK. */
const JAVA_CLASS = /^(?:org\.apache\.kafka|java)\./

function parsed(key: string, type: ConfigType, text: string | null): unknown {
  try {
    return parseValue(key, type, text, (name) => (JAVA_CLASS.test(name) ? name : undefined))
  } catch (cause) {
    const javaClass = 'org.apache.kafka.common.config.ConfigException'
    throw new ConnectError('HR_CONNECT', messageOf(cause), { cause, javaClass })
  }
}
