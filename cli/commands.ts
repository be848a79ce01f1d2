/** Command-line options by name. A `string` option takes a value. */
const optionTypes = {
  'override': { type: 'string', multiple: true },
  'env': { type: 'boolean' },
  'url': { type: 'string' },
  'user': { type: 'string' },
  'cacert': { type: 'string' },
  'json': { type: 'boolean' },
  'watch': { type: 'boolean' },
  'trace': { type: 'boolean' },
  'update': { type: 'boolean' },
  'wait': { type: 'boolean' },
  'timeout': { type: 'string' },
  'include-tasks': { type: 'boolean' },
  'only-failed': { type: 'boolean' },
  'task': { type: 'string' },
  'all': { type: 'boolean' },
  'records': { type: 'string' },
  'count': { type: 'string' },
  'cluster': { type: 'boolean' },
  'unset': { type: 'string', multiple: true },
} as const

export const options = {
  ...optionTypes,
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const

export type OptionName = keyof typeof optionTypes

interface CommandSpec {
  readonly options: readonly OptionName[]
  /** Positional arguments in order: `<name>` is required, `[name]` is optional, a trailing `…` allows several. */
  readonly args: readonly string[]
}

const remote = ['url', 'user', 'cacert', 'json'] as const
const waiting = ['wait', 'timeout'] as const
const changing = { options: [...remote, ...waiting], args: ['<name>…'] } as const

/** Commands that run a worker. */
export const workerCommands = {
  distributed: { options: ['override', 'env'], args: ['<worker.properties>'] },
  standalone: { options: ['override', 'env'], args: ['<worker.properties>', '[<connector file>]…'] },
} as const satisfies Record<string, CommandSpec>

/** Commands that talk to a worker over its REST API. */
export const clientCommands = {
  connectors: { options: remote, args: [] },
  cluster: { options: remote, args: [] },
  status: { options: [...remote, 'watch', 'trace'], args: ['[<name>]'] },
  config: { options: remote, args: ['<name>'] },
  create: { options: [...remote, ...waiting, 'update'], args: ['<file>'] },
  validate: { options: remote, args: ['<file>'] },
  preview: { options: [...remote, 'records', 'count', 'timeout'], args: ['<file>'] },
  doctor: { options: remote, args: ['<file|name>…'] },
  pause: changing,
  resume: changing,
  stop: changing,
  restart: {
    options: [...remote, ...waiting, 'include-tasks', 'only-failed', 'task'],
    args: ['<name>'],
  },
  delete: changing,
  offsets: { options: remote, args: ['<name>', '[get|set|reset]', '[<file>]'] },
  patch: {
    options: [...remote, ...waiting, 'unset'],
    args: ['<name>', '[<key>=<value>]…'],
  },
  topics: { options: remote, args: ['<name>', '[get|reset]'] },
  loggers: { options: [...remote, 'cluster'], args: ['[<name>]', '[<level>]'] },
  plugins: { options: [...remote, 'all'], args: [] },
  health: { options: remote, args: [] },
} as const satisfies Record<string, CommandSpec>

export type WorkerCommandName = keyof typeof workerCommands
export type ClientCommandName = keyof typeof clientCommands

/** Returns the options and arguments of a command, or undefined when no command has that name. */
export function findCommand(name: string): CommandSpec | undefined {
  const commands: Readonly<Record<string, CommandSpec>> = { ...workerCommands, ...clientCommands }
  return Object.hasOwn(commands, name) ? commands[name] : undefined
}

export const isWorkerCommand = (name: string): name is WorkerCommandName =>
  Object.hasOwn(workerCommands, name)
export const commandNames: readonly string[] = [
  ...Object.keys(workerCommands),
  ...Object.keys(clientCommands),
]
