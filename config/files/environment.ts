/** A worker setting from an environment variable. */
export interface EnvironmentSetting {
  readonly key: string
  readonly value: string
  /** Name of the variable, for messages. */
  readonly variable: string
}

/** Prefixes of variables that hold worker settings; a later prefix takes precedence. */
const prefixes = ['CONNECT_', 'HEADRACE_']

/** Variables that client commands use. */
const notSettings = new Set(['HEADRACE_URL', 'HEADRACE_USER', 'HEADRACE_CACERT'])

/** Maps underscores in the name of a variable to the characters of the setting. */
const separators: Readonly<Record<string, string>> = { ___: '-', __: '_', _: '.' }

/**
 * Returns the worker settings in the environment, by key: `CONNECT_GROUP_ID` and `HEADRACE_GROUP_ID` set `group.id`.
 * One underscore maps to a dot, two to an underscore, three to a dash; letters become lower case.
 *
 * Common container images of Kafka Connect use the same mapping.
 */
export function environmentSettings(
  environment: Readonly<Record<string, string | undefined>>,
): Map<string, EnvironmentSetting> {
  const settings = new Map<string, EnvironmentSetting>()
  for (const prefix of prefixes) {
    for (const [variable, value] of Object.entries(environment)) {
      if (value === undefined || !variable.startsWith(prefix) || notSettings.has(variable)) continue
      const key = settingName(variable.slice(prefix.length))
      if (key !== '') settings.set(key, { key, value, variable })
    }
  }
  return settings
}

const settingName = (rest: string): string =>
  rest.toLowerCase().replace(/_{1,3}/g, (run) => separators[run] ?? run)
