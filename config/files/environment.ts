/** A worker setting that an environment variable gives. */
export interface EnvironmentSetting {
  readonly key: string
  readonly value: string
  /** Name of the variable, for messages. */
  readonly variable: string
}

/** Prefixes of variables that hold worker settings; a later prefix wins over an earlier one. */
const prefixes = ['CONNECT_', 'HEADRACE_']

/** Variables that the command line reads for itself. */
const notSettings = new Set(['HEADRACE_URL', 'HEADRACE_USER', 'HEADRACE_CACERT'])

/** What a run of underscores in a variable name stands for in a setting. */
const separators: Readonly<Record<string, string>> = { ___: '-', __: '_', _: '.' }

/**
 * Returns the worker settings in the environment, by setting: `CONNECT_GROUP_ID` and `HEADRACE_GROUP_ID` give
 * `group.id`. One underscore stands for a dot, two for an underscore, three for a dash; letters become lower case.
 *
 * The mapping is the one of the usual container images of Kafka Connect.
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
