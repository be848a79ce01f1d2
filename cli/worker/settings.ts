import type { ConfigDef } from '../../api/index.ts'
import {
  builtInProviders,
  distributedWorkerConfig,
  loadWorkerProperties,
  openProviders,
  resolveVariables,
  standaloneWorkerConfig,
  withPrefix,
  type LoadedProperties,
  type SettingNote,
} from '../../config/index.ts'
import { reasonWithoutEffect, unknownClientSettings, workerClientSettings } from '../../runtime/index.ts'
import { converterNotes } from './converter-notes.ts'

export type WorkerMode = 'distributed' | 'standalone'

const definitions: Readonly<Record<WorkerMode, ConfigDef>> = {
  distributed: distributedWorkerConfig,
  standalone: standaloneWorkerConfig,
}

/** The sources of a worker's settings. */
export interface SettingSources {
  /** Property file; undefined when the settings come from the environment only. */
  readonly file: string | undefined
  readonly overrides: Readonly<Record<string, string>>
  /** Environment variables to read settings from; undefined to read none. */
  readonly environment: Readonly<Record<string, string | undefined>> | undefined
}

/** Reads the settings of a worker. Throws `HR_CONFIG_INVALID` with all invalid settings. */
export async function readWorkerSettings(
  mode: WorkerMode,
  { file, overrides, environment }: SettingSources,
): Promise<LoadedProperties> {
  const { props, warnings } = await loadWorkerProperties(file, {
    overrides,
    ...(environment === undefined ? {} : { environment }),
    def: definitions[mode],
    clientSettings: { names: workerClientSettings, reasonWithoutEffect },
    resolve: withoutVariables,
    notes: async (given) => [...clientNotes(given), ...(await converterNotes(given))],
  })
  return { props, warnings: [...warnings, ...providerWarnings(props), ...securityWarnings(props)] }
}

/** Notes about client settings that Headrace's Kafka clients do not support. */
function clientNotes(props: Readonly<Record<string, string>>): SettingNote[] {
  return (['producer', 'consumer', 'admin'] as const).flatMap((kind) => {
    const prefix = `${kind}.`
    return unknownClientSettings(kind, Object.keys(withPrefix(props, prefix))).map(({ key, text }) => ({
      key: prefix + key,
      text,
    }))
  })
}

/** Resolves variables of the built-in providers only: third-party code does not run in this process. */
async function withoutVariables(props: Record<string, string>): Promise<Record<string, string>> {
  const own = providerNames(props).filter((name) => ownProvider(props, name) !== undefined)
  const providers = openProviders({ ...props, 'config.providers': own.join(',') }, findOwn)
  const { props: resolved } = await resolveVariables(props, providers)
  return resolved
}

/** By full or short name. */
const findOwn = (className: string) =>
  builtInProviders.find(({ name }) => {
    const simple = name.slice(name.lastIndexOf('.') + 1)
    return [name, simple, simple.replace(/ConfigProvider$/, '')].includes(className.trim())
  })

const ownProvider = (props: Readonly<Record<string, string>>, name: string) =>
  findOwn(props[`config.providers.${name}.class`] ?? '')

const providerNames = (props: Readonly<Record<string, string>>): string[] =>
  (props['config.providers'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')

function providerWarnings(props: Readonly<Record<string, string>>): string[] {
  const foreign = providerNames(props).filter((name) => ownProvider(props, name) === undefined)
  return foreign.map((name) => {
    const key = `config.providers.${name}.class`
    return `${key} is ${props[key] ?? 'not set'}: only connector settings can use it, not worker settings`
  })
}

/**
 * As in Kafka Connect, producers and consumers of connectors do not inherit the top-level security settings of the
 * worker. Without these warnings, the only symptom is a task that cannot connect.
 */
function securityWarnings(props: Readonly<Record<string, string>>): string[] {
  const protocol = props['security.protocol']
  if (protocol === undefined || protocol === 'PLAINTEXT') return []
  return ['producer', 'consumer'].flatMap((kind) => {
    const key = `${kind}.security.protocol`
    if (props[key] !== undefined) return []
    return [
      `security.protocol is ${protocol}, but ${key} is not set: the ${kind}s of connectors use PLAINTEXT`,
    ]
  })
}
