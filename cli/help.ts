import { clientHelp } from './client/help.ts'

const general = `headrace - runs Kafka Connect connectors on Node.js

Run a worker
  headrace distributed <worker.properties>    starts a worker in a cluster
  headrace standalone <worker.properties> [<connector file>]...    starts a worker without a cluster

Talk to a running worker (Headrace or Kafka Connect)
  headrace connectors             lists connectors, one per line
  headrace cluster                shows the workers, what each of them runs, and what is not assigned
  headrace status [<name>]        shows the states of connectors and their tasks
  headrace config <name>          prints the settings of a connector
  headrace create <file>          creates a connector from a file
  headrace validate <file>        validates the settings in a file without applying them
  headrace preview <file>         shows records after each step of a connector without writing them
  headrace doctor <file|name>...  shows why connectors do not work
  headrace pause|resume|stop|delete <name>...
  headrace restart <name>
  headrace offsets <name>         shows, sets or resets the offsets of a connector
  headrace patch <name> <key>=<value>...    changes individual settings of a connector
  headrace topics <name>          lists the topics that a connector has used
  headrace loggers                shows or sets log levels
  headrace plugins                lists the plugins of the worker
  headrace health                 checks whether the worker is healthy; for probes

  headrace help <command>         shows help and examples for a command
  headrace --version

Exit codes: 0 success, 1 invalid command line (doctor: errors found), 2 failure, 3 connector settings rejected`

const override = `  --override key=value   overrides a setting of the file; repeatable`

const environment = `  --env                  also reads settings from CONNECT_* and HEADRACE_* variables: CONNECT_GROUP_ID
                         sets group.id; __ maps to an underscore, ___ to a dash. Variables override
                         the file, which is then optional`

const stopping = `SIGTERM or Ctrl-C stops the worker gracefully: tasks get task.shutdown.graceful.timeout.ms to finish
and commit. A second signal ends the worker immediately. Logs go to standard output: readable text on
a terminal, JSON lines otherwise (log.format=json|pretty).`

const distributed = `headrace distributed <worker.properties> [--env] [--override key=value]...

Starts a worker in a cluster. Workers with the same group.id share the connectors and tasks. The
cluster stores the settings, offsets and states of connectors in three Kafka topics, which the worker
creates if they do not exist. Create connectors with 'headrace create' or the REST API (listeners, port
8083 by default). Worker property files of Kafka Connect work unchanged.

Required settings: bootstrap.servers, group.id, config.storage.topic, offset.storage.topic,
status.storage.topic, key.converter, value.converter.

${override}
${environment}

${stopping}

Example
  headrace distributed worker.properties --override listeners=http://127.0.0.1:8084`

const standalone = `headrace standalone <worker.properties> [<connector file>]... [--env] [--override key=value]...

Starts a worker without a cluster and creates the connectors of the given files. The worker stores the
offsets of source connectors in a file, in the format of the Java worker. A connector file is a property
file or JSON: a flat object with a name, or the body of a create request (name, config, initial_state).
Property files of Kafka Connect work unchanged.

Required settings of the worker: bootstrap.servers, offset.storage.file.filename, key.converter,
value.converter.

${override}
${environment}

${stopping}

Example
  headrace standalone worker.properties orders.properties archive.json`

const texts: Readonly<Record<string, string>> = { distributed, standalone, ...clientHelp }

/** Returns the help page of a command, or the general one. */
export function helpText(about?: string): string {
  return about !== undefined && Object.hasOwn(texts, about) ? (texts[about] ?? general) : general
}
