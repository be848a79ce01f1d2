import type { ClientCommandName } from '../commands.ts'

const target = `  --url <address>          URL of the worker; default: HEADRACE_URL or http://127.0.0.1:8083
  --user <name:password>   credentials; default: HEADRACE_USER
  --cacert <file>          PEM file with the CA certificates to trust for https; default: HEADRACE_CACERT
  --json                   prints JSON`

const waiting = `  --wait                   waits until the change completes; exits with 2 if the connector or a task fails
  --timeout <seconds>      maximum time to wait; default: 60`

const file = `The file is a property file or JSON: a flat object with a name, or an object with name, config and
optionally initial_state (RUNNING, PAUSED or STOPPED). Use - for standard input.`

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

/** Help pages of the commands that talk to a worker. */
export const clientHelp: Readonly<Record<ClientCommandName, string>> = {
  connectors: page(
    'connectors',
    'Lists all connectors with type, state, tasks and worker, and the root cause of a failure.',
    [target],
    ['connectors', 'connectors --url http://127.0.0.1:8084 --json'],
  ),
  cluster: page(
    'cluster',
    `Shows the workers of the cluster, which of them leads (*), what each of them runs, how many records of the
config topic each has not read, and when the group coordinator last heard of it; then what no worker runs,
why, and until when, and what runs on a worker that lacks its plugin. Requires a Headrace worker of the group.`,
    [target],
    ['cluster', 'cluster --url http://127.0.0.1:8084 --json'],
  ),
  status: page(
    'status [<name>]',
    'Shows the states of a connector and its tasks, or of all connectors, and the root cause of each failure.',
    [
      target,
      '  --watch                  refreshes the output every second until Ctrl-C; requires a terminal',
      '  --trace                  prints the full trace of each failed connector and task',
    ],
    ['status', 'status orders', 'status orders --trace', 'status --watch'],
  ),
  config: page(
    'config <name>',
    "Prints the settings of a connector as a property file, which 'headrace create --update' accepts.",
    [target],
    ['config orders > orders.properties'],
  ),
  create: page(
    'create <file|->',
    `Creates a connector from a file.\n\n${file}`,
    [
      target,
      waiting,
      '  --update                 replaces the settings of the connector if it already exists',
    ],
    ['create orders.json --wait', 'create --update orders.properties'],
  ),
  validate: page(
    'validate <file|->',
    `Validates the settings in a file on the worker without applying them. Exits with code 3 if any are invalid.\n\n${file}`,
    [target],
    ['validate orders.json'],
  ),
  preview: page(
    'preview <file|->',
    `Runs records through the converters and transforms of the connector in the file and shows each record
after each step, or the error. The connector need not exist. Nothing is written or committed; a source
connector is started briefly to read from it. Exits with code 2 if a record fails. Requires a Headrace
worker.

${file}`,
    [
      target,
      '  --records <file>         uses sample records: a JSON array of objects with key, value, headers, topic,\n                           partition, offset and timestamp, all optional',
      '  --count <number>         maximum number of records to read; default: 5',
      '  --timeout <seconds>      maximum time to read, up to 60; default: 10',
    ],
    ['preview orders.json --count 3', 'preview orders.json --records samples.json --json'],
  ),
  doctor: page(
    'doctor <file|name>...',
    `Shows why connectors do not work: invalid settings, missing topics, and problems that the connectors
themselves find in the systems they work with. Prints each finding with what to do about it. Changes nothing.
Exits with 0 if there are no errors, with 1 if there are, and with 2 if a diagnosis failed.
Requires a Headrace worker, which runs the diagnosis with the files and network of its machine.

An argument is the name of a connector, or a file (- for standard input) with the settings of a connector,
which need not exist.

${file}`,
    [target],
    ['doctor orders.json', 'doctor orders archive --json'],
  ),
  pause: page(
    'pause <name>...',
    'Pauses connectors and their tasks. They stay assigned and keep their resources.',
    [target, waiting],
    ['pause orders archive --wait'],
  ),
  resume: page(
    'resume <name>...',
    'Resumes paused or stopped connectors.',
    [target, waiting],
    ['resume orders'],
  ),
  stop: page(
    'stop <name>...',
    'Stops connectors and shuts down their tasks. Settings and offsets are kept.',
    [target, waiting],
    ['stop orders --wait'],
  ),
  delete: page(
    'delete <name>...',
    "Deletes connectors. Their offsets are kept: a new connector with the same name resumes from them. To start\nover, stop the connector and run 'headrace offsets <name> reset' before you delete it.",
    [target, waiting],
    ['delete orders'],
  ),
  restart: page(
    'restart <name>',
    'Restarts a connector. Its tasks keep running unless an option says otherwise.',
    [
      target,
      waiting,
      '  --include-tasks          restarts the tasks too',
      '  --only-failed            restarts only failed instances',
      '  --task <number>          restarts a single task instead of the connector',
    ],
    ['restart orders --include-tasks --only-failed', 'restart orders --task 0 --wait'],
  ),
  offsets: page(
    'offsets <name> [get | set <file|-> | reset]',
    'Shows, sets or resets the offsets of a connector. Stop the connector before you set or reset them.\n\nThe file for set has the JSON format that get --json prints. A null offset resets its partition.',
    [target],
    ['offsets orders', 'offsets orders get --json > offsets.json', 'offsets orders set offsets.json'],
  ),
  patch: page(
    'patch <name> [<key>=<value>]...',
    'Changes individual settings of a connector and keeps the others.',
    [target, waiting, '  --unset <key>            removes a setting; repeatable'],
    ['patch orders tasks.max=4 --wait', 'patch orders --unset errors.tolerance'],
  ),
  topics: page(
    'topics <name> [get | reset]',
    'Lists the topics that a connector has used since the last reset, or resets the list.',
    [target],
    ['topics orders', 'topics orders reset'],
  ),
  loggers: page(
    'loggers [<name> [<level>]]',
    'Shows the log levels of a worker, or sets the level of a logger and its descendants. The root logger is the\nancestor of all others. Levels: OFF, FATAL, ERROR, WARN, INFO, DEBUG, TRACE, ALL. Changes are lost when the\nworker restarts.',
    [target, '  --cluster                sets the level on every worker of the cluster'],
    ['loggers', 'loggers headrace.task debug', 'loggers root info --cluster'],
  ),
  plugins: page(
    'plugins',
    'Lists the connector plugins of the worker.',
    [target, '  --all                    lists transforms, predicates and converters too'],
    ['plugins --all'],
  ),
  health: page(
    'health',
    'Checks whether the worker is a member of its group and can read its topics. Exits with 0 if it is\nhealthy, otherwise with 2. Sends one request and does not retry, so that probes can use it.',
    [target],
    ['health'],
  ),
}
