const general = `headrace - runs Kafka Connect connectors on Node.js

Usage
  headrace distributed <worker.properties> [--override key=value]...
  headrace standalone <worker.properties> [<connector.properties|.json>]... [--override key=value]...
  headrace --version
  headrace help <command>

Property files of Kafka Connect work as they are. Logs go to standard output: for people on a
terminal, as JSON lines elsewhere (log.format=json|pretty).

Exit codes: 0 stopped as asked, 1 wrong command line, 2 wrong settings or the worker could not
start or go on, 3 a connector of the command line was refused.`

const distributed = `headrace distributed <worker.properties> [--override key=value]...

Starts a worker of a cluster. It keeps settings, offsets and states of connectors in three Kafka
topics, which it creates where they are absent, and shares the work with all workers of the same
group.id. Connectors are created over its REST API (listeners, by default port 8083).

Needed in the file: bootstrap.servers, group.id, config.storage.topic, offset.storage.topic,
status.storage.topic, key.converter, value.converter.

  --override key=value   a setting on top of those of the file; may be given several times

SIGTERM or Ctrl-C stops softly: tasks finish and commit within task.shutdown.graceful.timeout.ms.
A second one ends the worker at once.`

const standalone = `headrace standalone <worker.properties> [<connector.properties|.json>]... [--override key=value]...

Starts a worker on its own, with the connectors of the given files. Offsets of source connectors
are kept in a file, in the format of the Java worker. A connector file is a property file, or JSON:
a flat object with a name, or the body of a request that creates a connector.

Needed in the worker's file: bootstrap.servers, offset.storage.file.filename, key.converter,
value.converter.

  --override key=value   a setting on top of those of the file; may be given several times

SIGTERM or Ctrl-C stops softly: tasks finish and commit within task.shutdown.graceful.timeout.ms.
A second one ends the worker at once.`

/** What `--help` prints, in general or about a command. */
export function helpText(about?: string): string {
  if (about === 'distributed') return distributed
  if (about === 'standalone') return standalone
  return general
}
