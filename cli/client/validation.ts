import type { Props } from '../../api/index.ts'
import { nearest, type ConnectorFile } from '../../config/index.ts'
import { CommandError, exitCodes, type ExitCode } from '../exit-codes.ts'
import { printable } from './output.ts'
import { isMissingRoute, RefusedRequest, type WorkerApi } from './worker-api.ts'

/** An error or warning about a setting. */
interface SettingNote {
  readonly key: string
  readonly text: string
}

/** The result of validating the settings of a connector. */
export interface Validation {
  /** The response of the worker. */
  readonly answer: unknown
  readonly errors: readonly SettingNote[]
  /** Unknown settings and settings without effect; empty for Java workers. */
  readonly warnings: readonly SettingNote[]
}

interface ConfigInfos {
  readonly configs: readonly {
    readonly value: { readonly name: string; readonly errors: readonly string[] }
  }[]
  readonly warnings?: readonly { readonly name: string; readonly message: string }[]
}

/** Validates settings on a worker. Throws a CommandError for a missing or unknown connector class. */
export async function validation(api: WorkerApi, config: Props): Promise<Validation> {
  const className = config['connector.class']?.trim() ?? ''
  if (className === '') {
    throw new CommandError('connector.class is missing', exitCodes.connectorRefused)
  }
  const answer = await answerTo(api, className, config).catch(async (error: unknown) => {
    throw (await unknownClass(api, className, error)) ?? error
  })
  const { configs, warnings = [] } = answer as ConfigInfos
  const errors = configs.flatMap(({ value }) =>
    [...new Set(value.errors)].map((text) => ({ key: value.name, text })),
  )
  return {
    answer,
    errors: await withSuggestions(api, errors),
    warnings: warnings.map(({ name, message }) => ({ key: name, text: message })),
  }
}

/** Uses Headrace's route, which returns warnings too; Java workers do not have it. */
async function answerTo(api: WorkerApi, className: string, config: Props): Promise<unknown> {
  try {
    return await api.request('PUT', '/headrace/validate', config)
  } catch (error) {
    if (!isMissingRoute(error)) throw error
  }
  return api.request('PUT', `/connector-plugins/${encodeURIComponent(className)}/config/validate`, config)
}

const UNKNOWN_CONNECTOR = /Failed to find any class that implements Connector/
const UNKNOWN_CLASS = /\bClass (\S+) could not be found\.?$/

/** Replaces the worker's list of all its plugins with a suggestion; resolves to undefined for other errors. */
async function unknownClass(
  api: WorkerApi,
  className: string,
  error: unknown,
): Promise<CommandError | undefined> {
  if (!(error instanceof RefusedRequest) || !UNKNOWN_CONNECTOR.test(error.message)) return undefined
  const { connectors } = await classesOf(api)
  const meant = suggestion(className, connectors)
  const message = `connector.class: the worker has no connector ${className}${meant}; run headrace plugins to list those it has`
  return new CommandError(message, exitCodes.connectorRefused, { cause: error })
}

async function withSuggestions(api: WorkerApi, errors: readonly SettingNote[]): Promise<SettingNote[]> {
  if (!errors.some(({ text }) => UNKNOWN_CLASS.test(text))) return [...errors]
  const { all } = await classesOf(api)
  return errors.map(({ key, text }) => {
    const [, name] = UNKNOWN_CLASS.exec(text) ?? []
    const meant = name === undefined ? '' : suggestion(name, all)
    return { key, text: meant === '' ? text : `${text.replace(/\.$/, '')}${meant}` }
  })
}

/** Resolves to the class names of the worker's plugins, or to none when the request fails. */
async function classesOf(api: WorkerApi) {
  const plugins = (await api
    .request('GET', '/connector-plugins?connectorsOnly=false')
    .catch(() => [])) as readonly { readonly class: string; readonly type: string }[]
  const namesOf = (chosen: typeof plugins) => chosen.map((plugin) => plugin.class)
  return {
    all: namesOf(plugins),
    connectors: namesOf(plugins.filter(({ type }) => type === 'source' || type === 'sink')),
  }
}

/** Returns `; did you mean X?`, comparing names without packages, or an empty string when no class is similar. */
function suggestion(given: string, classes: readonly string[]): string {
  const byShortName = new Map(classes.map((name) => [shortName(name), name]))
  const meant = nearest(shortName(given), byShortName.keys())
  if (meant === undefined) return ''
  return `; did you mean ${given.includes('.') ? byShortName.get(meant) : meant}?`
}

const shortName = (name: string): string => name.slice(name.lastIndexOf('.') + 1).replace(/Connector$/, '')

/**
 * Rethrows an error as a CommandError that lists each invalid setting, which the worker's message does not name.
 * `otherwise` is the exit code when no setting is invalid.
 */
export async function explain(
  api: WorkerApi,
  { name, config }: ConnectorFile,
  error: unknown,
  otherwise: ExitCode = exitCodes.connectorRefused,
): Promise<never> {
  if (!(error instanceof RefusedRequest)) throw error
  if (error.status === 409) throw new CommandError(`${error.message}; use --update to replace its settings`)
  const unknown = await unknownClass(api, config['connector.class']?.trim() ?? '', error)
  if (unknown !== undefined) throw unknown
  if (error.status !== 400) throw error
  const errors = await validation(api, config).then(
    (found) => found.errors,
    () => [],
  )
  if (errors.length === 0) throw new CommandError(`${name}: ${error.message}`, otherwise, { cause: error })
  const text = `${name}: invalid settings\n${noteLines(errors)}`
  throw new CommandError(text, exitCodes.connectorRefused, { cause: error })
}

/** Writes warnings about settings to standard error. Ignores a failed validation request. */
export async function warnOfSettings(api: WorkerApi, { name, config }: ConnectorFile): Promise<void> {
  const warnings = await validation(api, config).then(
    (found) => found.warnings,
    () => [],
  )
  if (warnings.length > 0) process.stderr.write(`${name}: ${warningText(warnings)}\n`)
}

export const warningText = (warnings: readonly SettingNote[]): string =>
  `some settings need attention\n${noteLines(warnings)}`

export const noteLines = (notes: readonly SettingNote[]): string =>
  notes.map(({ key, text }) => `  ${printable(key)}: ${printable(text)}`).join('\n')
