import { clientHelp } from './client/help.ts'

const general = `headrace - runs Kafka Connect connectors on Node.js

Run a worker
  headrace distributed <worker.properties>    a worker of a cluster
  headrace standalone <worker.properties> [<connector file>]...    a worker on its own

Talk to a running worker, of Headrace or Kafka Connect
  headrace connectors             all connectors, one a line
  headrace status [<name>]        connectors with their tasks
  headrace config <name>          settings of a connector
  headrace create <file>          creates a connector from a file
  headrace validate <file>        checks the settings in a file, and changes nothing
  headrace preview <file>         shows records after each step of a connector, and writes nothing
  headrace pause|resume|stop|delete <name>...
  headrace restart <name>
  headrace offsets <name>         shows, sets or resets how far a connector got
  headrace patch <name> <key>=<value>...    changes single settings
  headrace topics <name>          topics that a connector has used
  headrace loggers                log levels, shown and changed
  headrace plugins                what can be run there

  headrace help <command>         more about a command, with examples
  headrace --version

Exit codes: 0 done, 1 wrong command line, 2 failed, 3 the settings of a connector were refused.`

const override = `  --override key=value   a setting on top of those of the file; may be given several times`

const stopping = `SIGTERM or Ctrl-C stops softly: tasks finish and commit within task.shutdown.graceful.timeout.ms.
A second one ends the worker at once. Logs go to standard output: for people on a terminal, as JSON
lines elsewhere (log.format=json|pretty).`

const distributed = `headrace distributed <worker.properties> [--override key=value]...

Starts a worker of a cluster. It keeps settings, offsets and states of connectors in three Kafka
topics, which it creates where they are absent, and shares the work with all workers of the same
group.id. Connectors are created with 'headrace create' or over its REST API (listeners, by default
port 8083). Property files of Kafka Connect work as they are.

Needed in the file: bootstrap.servers, group.id, config.storage.topic, offset.storage.topic,
status.storage.topic, key.converter, value.converter.

${override}

${stopping}

Example
  headrace distributed worker.properties --override listeners=http://127.0.0.1:8084`

const standalone = `headrace standalone <worker.properties> [<connector file>]... [--override key=value]...

Starts a worker on its own, with the connectors of the given files. Offsets of source connectors
are kept in a file, in the format of the Java worker. A connector file is a property file, or JSON:
a flat object with a name, or the body of a request that creates a connector (name, config,
initial_state). Property files of Kafka Connect work as they are.

Needed in the worker's file: bootstrap.servers, offset.storage.file.filename, key.converter,
value.converter.

${override}

${stopping}

Example
  headrace standalone worker.properties orders.properties archive.json`

const texts: Readonly<Record<string, string>> = { distributed, standalone, ...clientHelp }

/** What `--help` prints, in general or about a command. */
export function helpText(about?: string): string {
  return about !== undefined && Object.hasOwn(texts, about) ? (texts[about] ?? general) : general
}
