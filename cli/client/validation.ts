import type { Props } from '../../api/index.ts'
import { nearest, type ConnectorFile } from '../../config/index.ts'
import { CommandError, exitCodes, type ExitCode } from '../exit-codes.ts'
import { printable } from './output.ts'
import { isMissingRoute, RefusedRequest, type WorkerApi } from './worker-api.ts'

/** A setting, and what there is to say about it. */
interface SettingNote {
  readonly key: string
  readonly text: string
}

/** What a worker says about the settings of a connector. */
export interface Validation {
  /** As the worker answered. */
  readonly answer: unknown
  readonly errors: readonly SettingNote[]
  /** Settings that exist nowhere or have no effect; Java workers never name any. */
  readonly warnings: readonly SettingNote[]
}

interface ConfigInfos {
  readonly configs: readonly {
    readonly value: { readonly name: string; readonly errors: readonly string[] }
  }[]
  readonly warnings?: readonly { readonly name: string; readonly message: string }[]
}

/** Asks a worker to check settings. Throws a CommandError for a connector class that is not given or unknown. */
export async function validation(api: WorkerApi, config: Props): Promise<Validation> {
  const className = config['connector.class']?.trim() ?? ''
  if (className === '') {
    const message = 'the setting connector.class is missing: it says which connector it is'
    throw new CommandError(message, exitCodes.connectorRefused)
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

/** With warnings where the worker gives them: those of Kafka Connect do not have that route. */
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

/** Instead of the worker's list of all that it has, the class that may have been meant; undefined for other errors. */
async function unknownClass(
  api: WorkerApi,
  className: string,
  error: unknown,
): Promise<CommandError | undefined> {
  if (!(error instanceof RefusedRequest) || !UNKNOWN_CONNECTOR.test(error.message)) return undefined
  const { connectors } = await classesOf(api)
  const meant = suggestion(className, connectors)
  const message = `connector.class: the worker has no connector ${className}${meant}; headrace plugins lists what it has`
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

/** Class names of a worker's plugins; none when it does not say. */
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

/** `; did you mean X?`, by the names without their packages; empty when no class has a name that is near. */
function suggestion(given: string, classes: readonly string[]): string {
  const byShortName = new Map(classes.map((name) => [shortName(name), name]))
  const meant = nearest(shortName(given), byShortName.keys())
  if (meant === undefined) return ''
  return `; did you mean ${given.includes('.') ? byShortName.get(meant) : meant}?`
}

const shortName = (name: string): string => name.slice(name.lastIndexOf('.') + 1).replace(/Connector$/, '')

/**
 * A refusal of settings, with each setting that is at fault: the worker's own message does not name them. Throws a
 * CommandError; `otherwise` is its code where no setting is at fault.
 */
export async function explain(
  api: WorkerApi,
  { name, config }: ConnectorFile,
  error: unknown,
  otherwise: ExitCode = exitCodes.connectorRefused,
): Promise<never> {
  if (!(error instanceof RefusedRequest)) throw error
  if (error.status === 409) throw new CommandError(`${error.message}; --update replaces its settings`)
  const unknown = await unknownClass(api, config['connector.class']?.trim() ?? '', error)
  if (unknown !== undefined) throw unknown
  if (error.status !== 400) throw error
  const errors = await validation(api, config).then(
    (found) => found.errors,
    () => [],
  )
  if (errors.length === 0) throw new CommandError(`${name}: ${error.message}`, otherwise, { cause: error })
  const text = `${name}: settings are wrong\n${noteLines(errors)}`
  throw new CommandError(text, exitCodes.connectorRefused, { cause: error })
}

/** Writes what hardly does what was meant to standard error. That it cannot be asked for is no failure. */
export async function warnOfSettings(api: WorkerApi, { name, config }: ConnectorFile): Promise<void> {
  const warnings = await validation(api, config).then(
    (found) => found.warnings,
    () => [],
  )
  if (warnings.length > 0) process.stderr.write(`${name}: ${warningText(warnings)}\n`)
}

export const warningText = (warnings: readonly SettingNote[]): string =>
  `some settings have no effect\n${noteLines(warnings)}`

export const noteLines = (notes: readonly SettingNote[]): string =>
  notes.map(({ key, text }) => `  ${key}: ${printable(text)}`).join('\n')
