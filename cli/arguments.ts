import { parseArgs } from 'node:util'
import {
  commandNames,
  findCommand,
  isWorkerCommand,
  options,
  type ClientCommandName,
  type WorkerCommandName,
} from './commands.ts'
import { UsageError } from './exit-codes.ts'

export interface WorkerCommand {
  readonly kind: 'worker'
  readonly name: WorkerCommandName
  /** Undefined when the settings come from the environment only. */
  readonly workerFile: string | undefined
  /** Whether to read settings from `CONNECT_*` and `HEADRACE_*` variables too. */
  readonly fromEnvironment: boolean
  readonly connectorFiles: readonly string[]
  readonly overrides: Readonly<Record<string, string>>
}

export interface ClientCommand {
  readonly kind: 'client'
  readonly name: ClientCommandName
  readonly args: readonly string[]
  /** Worker address from `--url`; when undefined, `HEADRACE_URL` or the default applies. */
  readonly url: string | undefined
  /** `name:password` */
  readonly user: string | undefined
  /** Path of a PEM file with the trusted CA certificates. */
  readonly cacert: string | undefined
  readonly json: boolean
  readonly watch: boolean
  readonly trace: boolean
  readonly update: boolean
  readonly wait: boolean
  /** In milliseconds; undefined without `--timeout`. */
  readonly timeoutMs: number | undefined
  readonly includeTasks: boolean
  readonly onlyFailed: boolean
  readonly task: number | undefined
  readonly all: boolean
  /** Path of a file with sample records. */
  readonly records: string | undefined
  readonly count: number | undefined
  readonly cluster: boolean
  /** Keys of the settings to remove. */
  readonly unset: readonly string[]
}

export type Command =
  | WorkerCommand
  | ClientCommand
  | { readonly kind: 'help'; readonly about: string | undefined }
  | { readonly kind: 'version' }

type Values = ReturnType<typeof parsed>['values']

/** Parses a command line. Throws a {@link UsageError} when it is invalid. */
export function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = parsed(args)
  const [name, ...rest] = positionals
  if (name === 'help') return helpAbout(rest[0])
  if (values.help === true) return helpAbout(name)
  if (values.version === true) return { kind: 'version' }
  if (name === undefined) throw new UsageError('no command given')
  checkShape(name, rest, values)
  return isWorkerCommand(name)
    ? workerCommand(name, rest, values)
    : clientCommand(name as ClientCommandName, rest, values)
}

function helpAbout(name: string | undefined): Command {
  if (name === 'help') return { kind: 'help', about: undefined }
  if (name !== undefined && findCommand(name) === undefined) throw noSuchCommand(name, `help: ${name}`)
  return { kind: 'help', about: name }
}

const noSuchCommand = (name: string, shown = name): UsageError =>
  new UsageError(`${shown}: no such command`, { word: name, known: commandNames })

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options })
  } catch (error) {
    const [first = ''] = (error instanceof Error ? error.message : String(error)).split(/\.\s/)
    const [, option] = /^Option '(--[\w-]+)' argument is ambiguous/.exec(first) ?? []
    if (option !== undefined) {
      throw new UsageError(
        `${option}: missing value; write one that starts with a hyphen as ${option}=<value>`,
      )
    }
    const [, word] = /^Unknown option '(--.+)'$/.exec(first) ?? []
    const known = Object.keys(options).map((name) => `--${name}`)
    throw new UsageError(first, word === undefined ? undefined : { word, known })
  }
}

/** Throws a {@link UsageError} for a missing or unexpected argument, or an option that the command does not have. */
function checkShape(name: string, args: readonly string[], values: Values): void {
  const command = findCommand(name)
  if (command === undefined) throw noSuchCommand(name)
  const foreign = Object.keys(values).find((option) => !command.options.some((known) => known === option))
  if (foreign !== undefined) throw new UsageError(`${name}: --${foreign} is not an option of this command`)
  const missing = values.env === true ? undefined : command.args[args.length] // the environment replaces the file
  if (missing !== undefined && missing.startsWith('<')) throw new UsageError(`${name}: missing ${missing}`)
  const [surplus] = args.slice(command.args.length)
  if (surplus === undefined || command.args.at(-1)?.endsWith('…') === true) return
  const hint =
    name === 'distributed' ? '; create connectors of a cluster with headrace create or the REST API' : ''
  throw new UsageError(`${name}: unexpected argument ${surplus}${hint}`)
}

function workerCommand(name: WorkerCommandName, args: readonly string[], values: Values): WorkerCommand {
  const [workerFile, ...connectorFiles] = args
  const overrides = Object.fromEntries((values.override ?? []).map(asPair))
  return { kind: 'worker', name, workerFile, fromEnvironment: values.env ?? false, connectorFiles, overrides }
}

function clientCommand(name: ClientCommandName, args: readonly string[], values: Values): ClientCommand {
  return {
    kind: 'client',
    name,
    args,
    url: values.url,
    user: values.user,
    cacert: values.cacert,
    json: values.json ?? false,
    watch: values.watch ?? false,
    trace: values.trace ?? false,
    update: values.update ?? false,
    wait: values.wait ?? false,
    timeoutMs: values.timeout === undefined ? undefined : wholeNumber('timeout', values.timeout) * 1000,
    includeTasks: values['include-tasks'] ?? false,
    onlyFailed: values['only-failed'] ?? false,
    task: values.task === undefined ? undefined : wholeNumber('task', values.task),
    all: values.all ?? false,
    records: values.records,
    cluster: values.cluster ?? false,
    unset: values.unset ?? [],
    count: values.count === undefined ? undefined : wholeNumber('count', values.count, 1),
  }
}

function wholeNumber(option: string, text: string, min = 0): number {
  const least = min === 0 ? '' : ` of at least ${min}`
  if (!/^\d{1,9}$/.test(text) || Number(text) < min) {
    throw new UsageError(`--${option} ${text}: expected a whole number${least}`)
  }
  return Number(text)
}

function asPair(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at <= 0) throw new UsageError(`--override ${text}: expected key=value`)
  return [text.slice(0, at).trim(), text.slice(at + 1)]
}
