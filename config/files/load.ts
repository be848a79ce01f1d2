import { basename } from 'node:path'
import { ConnectError, type ConfigDef } from '../../api/index.ts'
import {
  refusedSettings,
  settingsWithoutEffect,
  unknownSettings,
  type SettingNote,
  type WorkerClientSettings,
} from '../worker/index.ts'
import { unresolvedVariables } from '../providers/variables.ts'
import { checkSettings } from './check.ts'
import { environmentSettings, type EnvironmentSetting } from './environment.ts'
import { parseProperties, type PropertyEntry } from './properties.ts'
import { readText } from './read-text.ts'

/** The settings of a worker, and warnings about them. */
export interface LoadedProperties {
  readonly props: Readonly<Record<string, string>>
  /** Each warning names the file, line and key. */
  readonly warnings: readonly string[]
}

export interface LoadOptions {
  /** Settings that take precedence over the file and the environment. */
  readonly overrides: Readonly<Record<string, string>>
  /** Environment variables, which take precedence over the file. When omitted, no variable is read. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly def: ConfigDef
  /** The settings of the worker's Kafka clients; without them, such settings are unknown. */
  readonly clientSettings?: WorkerClientSettings
  /** Replaces variables before validation. */
  resolve(props: Record<string, string>): Promise<Record<string, string>>
  /** Returns further warnings. */
  notes?(props: Readonly<Record<string, string>>): Promise<readonly SettingNote[]>
}

/**
 * Loads the settings of a worker from its property file, the environment and overrides, and validates them. Reads no
 * file if `path` is undefined.
 *
 * Throws `HR_CONFIG_INVALID` with one line per error: the source and key, the value found and what was expected.
 */
export async function loadWorkerProperties(
  path: string | undefined,
  options: LoadOptions,
): Promise<LoadedProperties> {
  const { overrides, environment = {}, def, clientSettings, resolve, notes } = options
  const { text, warning } = path === undefined ? { text: '', warning: undefined } : await readText(path)
  const entries = path === undefined ? [] : parseProperties(text, basename(path))
  const variables = environmentSettings(environment)
  const written = {
    ...Object.fromEntries(entries.map(({ key, value }) => [key, value])),
    ...Object.fromEntries([...variables.values()].map(({ key, value }) => [key, value])),
    ...overrides,
  }
  const props = await resolve(written)
  const sources = { path, entries, variables, overrides }
  const place = (note: SettingNote) => `${where(sources, note.key)}${note.key}: ${note.text}`
  const unresolved = unresolvedSettings(written, props)
  const checked = (await checkSettings(def, props)).filter(
    ({ key }) => !unresolved.some((note) => note.key === key),
  )
  const faults = [...unresolved, ...checked, ...refusedSettings(props)]
  const unknown = unknownSettings(def, Object.keys(props), clientSettings)
  if (faults.length > 0) {
    const lines = [...faults, ...unknown].map((note) => `  ${place(note)}`)
    const message = `The worker cannot start with these settings:\n${lines.join('\n')}`
    throw new ConnectError('HR_CONFIG_INVALID', message, { configKey: faults[0]?.key ?? '' })
  }
  const withoutEffect = settingsWithoutEffect(props, clientSettings)
  const found = [...unknown, ...withoutEffect, ...((await notes?.(props)) ?? [])].map(place)
  const ofFile = path === undefined || warning === undefined ? [] : [`${basename(path)} ${warning}`]
  return { props, warnings: [...ofFile, ...found] }
}

/**
 * Returns the settings whose variables no config provider resolves. Source: ConfigTransformer.
 *
 * Differs: Java uses the text of the variable as the value.
 */
function unresolvedSettings(
  written: Readonly<Record<string, string>>,
  props: Readonly<Record<string, string>>,
): SettingNote[] {
  const providers = (props['config.providers'] ?? '').split(',').map((name) => name.trim())
  return Object.entries(written).flatMap(([key, text]) =>
    unresolvedVariables(text, props[key] ?? '').map((variable) => {
      const provider = /^\$\{([^}:]*):/.exec(variable)?.[1] ?? ''
      const why = providers.includes(provider)
        ? `the config provider ${provider} has no value for it`
        : `there is no config provider ${provider}; name it in config.providers, and its class in config.providers.${provider}.class`
      return { key, text: `found ${variable}, but ${why}` }
    }),
  )
}

/** The sources of a worker's settings. */
interface Sources {
  readonly path: string | undefined
  readonly entries: readonly PropertyEntry[]
  readonly variables: ReadonlyMap<string, EnvironmentSetting>
  readonly overrides: Readonly<Record<string, string>>
}

/** Returns the source of a setting as a prefix: `--override `, `CONNECT_GROUP_ID: ` or `worker.properties:12: `. */
function where({ path, entries, variables, overrides }: Sources, key: string): string {
  if (Object.hasOwn(overrides, key)) return '--override '
  const variable = variables.get(key)
  if (variable !== undefined) return `${variable.variable}: `
  if (path === undefined) return ''
  const line = entries.findLast((entry) => entry.key === key)?.line
  return line === undefined ? `${basename(path)}: ` : `${basename(path)}:${line}: `
}
