import type { ClientCommandName } from '../commands.ts'

const target = `  --url <address>          the worker, also HEADRACE_URL; by default http://127.0.0.1:8083
  --user <name:password>   who asks, also HEADRACE_USER
  --cacert <file>          for https: certificates to trust, in PEM, also HEADRACE_CACERT
  --json                   the answer as JSON`

const waiting = `  --wait                   waits until it is so; a connector or task that fails ends the wait with code 2
  --timeout <seconds>      longest wait, by default 60`

const file = `The file is a property file or JSON: a flat object with a name, or an object with name, config
and, if wanted, initial_state (RUNNING, PAUSED or STOPPED). - stands for standard input.`

const page = (usage: string, text: string, options: readonly string[], examples: readonly string[]): string =>
  [
    `headrace ${usage}`,
    '',
    text,
    '',
    ...options,
    '',
    examples.length === 1 ? 'Example' : 'Examples',
    ...examples.map((example) => `  headrace ${example}`),
  ].join('\n')

/** What `--help` prints about a command that talks to a worker. */
export const clientHelp: Readonly<Record<ClientCommandName, string>> = {
  connectors: page(
    'connectors',
    'Lists all connectors: type, state, tasks, worker, and the root cause where one has failed.',
    [target],
    ['connectors', 'connectors --url http://127.0.0.1:8084 --json'],
  ),
  status: page(
    'status [<name>]',
    'Shows the states of a connector and its tasks, or of all connectors. What has failed is shown with its\nroot cause.',
    [
      target,
      '  --watch                  on a terminal: draws them every second, until Ctrl-C',
      '  --trace                  prints the whole trace of each connector and task that has failed',
    ],
    ['status', 'status orders', 'status orders --trace', 'status --watch'],
  ),
  config: page(
    'config <name>',
    'Prints the settings of a connector as a property file, which create --update takes again.',
    [target],
    ['config orders > orders.properties'],
  ),
  create: page(
    'create <file|->',
    `Creates the connector that a file describes.\n\n${file}`,
    [
      target,
      waiting,
      '  --update                 replaces the settings of a connector that is there already',
    ],
    ['create orders.json --wait', 'create --update orders.properties'],
  ),
  validate: page(
    'validate <file|->',
    `Has the worker check the settings in a file, and changes nothing. Ends with 3 when some are wrong.\n\n${file}`,
    [target],
    ['validate orders.json'],
  ),
  preview: page(
    'preview <file|->',
    `Shows what becomes of records on the way of the connector that a file describes: after the converters
and after each transform, or the error. The connector need not exist, and nothing is written or
committed; a source is started for a moment to read from it. Ends with 2 when a record fails.
Only workers of Headrace can do this.

${file}`,
    [
      target,
      '  --records <file>         samples instead of the next records: a JSON list of objects with key, value,\n                           headers, topic, partition, offset and timestamp, all optional',
      '  --count <number>         most records to read, by default 5',
      '  --timeout <seconds>      longest time to read for, by default 10, at most 60',
    ],
    ['preview orders.json --count 3', 'preview orders.json --records samples.json --json'],
  ),
  pause: page(
    'pause <name>...',
    'Pauses connectors and their tasks; they stay where they are, and hold what they hold.',
    [target, waiting],
    ['pause orders archive --wait'],
  ),
  resume: page(
    'resume <name>...',
    'Lets connectors that are paused or stopped go on.',
    [target, waiting],
    ['resume orders'],
  ),
  stop: page(
    'stop <name>...',
    'Stops connectors and ends their tasks; settings and offsets stay.',
    [target, waiting],
    ['stop orders --wait'],
  ),
  delete: page(
    'delete <name>...',
    'Deletes connectors. Their offsets stay: one of the same name goes on from them, unless\n"headrace offsets <name> reset" was called before.',
    [target, waiting],
    ['delete orders'],
  ),
  restart: page(
    'restart <name>',
    'Restarts a connector without its tasks, unless an option says otherwise.',
    [
      target,
      waiting,
      '  --include-tasks          restarts its tasks too',
      '  --only-failed            restarts only what has failed',
      '  --task <number>          restarts one task, and not the connector',
    ],
    ['restart orders --include-tasks --only-failed', 'restart orders --task 0 --wait'],
  ),
  offsets: page(
    'offsets <name> [get | set <file|-> | reset]',
    'Shows how far a connector got, or changes it. To be changed, the connector has to be stopped.\n\nThe file for set is JSON of the form that get --json prints. An offset of null forgets a partition.',
    [target],
    ['offsets orders', 'offsets orders get --json > offsets.json', 'offsets orders set offsets.json'],
  ),
  patch: page(
    'patch <name> [<key>=<value>]...',
    'Changes single settings of a connector. The others stay as they are.',
    [target, waiting, '  --unset <key>            takes a setting away; may be given several times'],
    ['patch orders tasks.max=4 --wait', 'patch orders --unset errors.tolerance'],
  ),
  topics: page(
    'topics <name> [get | reset]',
    'Lists the topics that a connector has used since the last reset, or forgets them.',
    [target],
    ['topics orders', 'topics orders reset'],
  ),
  loggers: page(
    'loggers [<name> [<level>]]',
    'Shows the log levels of a worker, or sets one: of a logger and all below it; root is above all.\nLevels are OFF, FATAL, ERROR, WARN, INFO, DEBUG, TRACE and ALL. They last until the worker ends.',
    [target, '  --cluster                sets the level on all workers of the cluster'],
    ['loggers', 'loggers headrace.task debug', 'loggers root info --cluster'],
  ),
  plugins: page(
    'plugins',
    'Lists the connectors that the worker can run.',
    [target, '  --all                    transforms, predicates and converters too'],
    ['plugins --all'],
  ),
}
