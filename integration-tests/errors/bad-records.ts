import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { uniqueName, waitFor, workFolder, type RestClient } from '../services/index.ts'
import { readRecords, writeRecords, type TopicRecord } from '../topics/records.ts'

/** A file sink and its input of good and bad records. */
export interface Scenario {
  readonly name: string
  readonly records: readonly TopicRecord[]
  readonly config: Readonly<Record<string, string>>
  /** Number of records that become dead letters. */
  readonly deadLetters: number
  /** Number of lines in the file at the end; undefined if the task is expected to fail. */
  readonly lines: number | undefined
}

const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter'
const TIME = 1_700_000_000_000

const record = (
  index: number,
  key: string | null,
  value: string | null,
  headers: TopicRecord['headers'] = [],
): TopicRecord => ({ key, value, timestamp: TIME + index, headers })

const schemaless = {
  'key.converter': JSON_CONVERTER,
  'key.converter.schemas.enable': 'false',
  'value.converter': JSON_CONVERTER,
  'value.converter.schemas.enable': 'false',
}

const hoistless = {
  'transforms': 'stamp',
  'transforms.stamp.type': 'org.apache.kafka.connect.transforms.InsertField$Value',
  'transforms.stamp.static.field': 'via',
  'transforms.stamp.static.value': 'test',
}

/** Scenarios for both workers. `expected.json` contains the results of the Java worker. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'skips, with context headers',
    records: [
      record(0, '"k0"', '{"a":1}'),
      record(1, '"k1"', 'not json', [
        ['h1', 'x'],
        ['h2', null],
        ['h1', 'again'],
      ]),
      record(2, 'oops{', '{"a":2}'),
      record(3, '"k3"', '"a text is no map"'),
      record(4, '"k4"', null),
      record(5, null, '[1,2'),
      record(6, '"k6"', ''),
      record(7, '"k7"', '{"a":7}', [['__connect.errors.topic', 'an earlier queue']]),
      record(8, '"k8"', '42', [['__connect.errors.topic', 'an earlier queue']]),
      record(9, '"k9"', '{"a":9}'),
    ],
    config: {
      ...schemaless,
      ...hoistless,
      'errors.tolerance': 'all',
      'errors.deadletterqueue.context.headers.enable': 'true',
    },
    deadLetters: 5,
    lines: 5,
  },
  {
    name: 'skips, without context headers',
    records: [
      record(0, '"k0"', '{"a":1}'),
      record(1, null, 'not json', [['h1', 'x']]),
      record(2, 'oops{', null),
      record(3, '"k3"', '{"a":3}'),
    ],
    config: { ...schemaless, 'errors.tolerance': 'all' },
    deadLetters: 2,
    lines: 2,
  },
  {
    name: 'schemas that do not fit',
    records: [
      record(0, null, '{"schema":{"type":"string","optional":false},"payload":"good"}'),
      record(1, null, '{"payload":"no schema"}'),
      record(2, null, '{"schema":{"type":"strange"},"payload":1}'),
      record(3, null, '{"schema":{"type":"string","optional":false},"payload":null}'),
      record(4, null, '{"schema":{"type":"string","optional":false},"payload":"good too"}'),
    ],
    config: {
      'key.converter': JSON_CONVERTER,
      'value.converter': JSON_CONVERTER,
      'errors.tolerance': 'all',
      'errors.deadletterqueue.context.headers.enable': 'true',
    },
    deadLetters: 3,
    lines: 2,
  },
  {
    name: 'the first bad record fails the task, and still becomes a dead letter',
    records: [record(0, '"k0"', '{"a":1}'), record(1, '"k1"', 'not json'), record(2, '"k2"', '{"a":2}')],
    config: {
      ...schemaless,
      'errors.tolerance': 'none',
      'errors.deadletterqueue.context.headers.enable': 'true',
    },
    deadLetters: 1,
    lines: undefined,
  },
]

/** The result of a scenario. Names of topics and connectors are replaced with placeholders. */
export interface Outcome {
  readonly lines: readonly string[] | undefined
  /** The first line of the trace of the failed task. */
  readonly failure: string | undefined
  readonly deadLetters: readonly TopicRecord[]
  /** Kafka Connect's task-error metrics, without the time of the last error. */
  readonly counters: Readonly<Record<string, number>>
}

/** Resolves to the counters of the task of a connector once it has counted `failures` failures. */
export type CountersOf = (name: string, failures: number) => Promise<Readonly<Record<string, number>>>

/** Runs a scenario on a Headrace or Java worker. */
export async function runScenario(
  rest: RestClient,
  scenario: Scenario,
  countersOf: CountersOf,
): Promise<Outcome> {
  const name = uniqueName('bad-records')
  const queue = `${name}-dlq`
  const file = join(workFolder('sink'), 'out')
  await writeRecords(name, scenario.records)
  await rest.put(name, {
    'connector.class': 'org.apache.kafka.connect.file.FileStreamSinkConnector',
    'tasks.max': '1',
    'topics': name,
    file,
    'errors.deadletterqueue.topic.name': queue,
    'errors.deadletterqueue.topic.replication.factor': '1',
    ...scenario.config,
  })
  const trace = scenario.lines === undefined ? await rest.untilTaskFailed(name) : undefined
  const lines = scenario.lines === undefined ? undefined : await linesOf(file, scenario.lines)
  const letters = await readRecords(queue, scenario.deadLetters)
  const counters = await countersOf(name, scenario.deadLetters)
  await rest.delete(name)
  await rm(file, { force: true })
  const neutral = (text: string) => text.replaceAll(queue, '<queue>').replaceAll(name, '<connector>')
  return {
    lines,
    failure: trace?.split('\n')[0],
    counters,
    deadLetters: letters.map((letter) => ({
      ...letter,
      headers: letter.headers.map(([key, value]) => [
        key,
        value === null ? null : headerText(key, neutral(value)),
      ]),
    })),
  }
}

/** Only the first line of a stack trace can be compared. */
const headerText = (key: string, value: string): string =>
  key === '__connect.errors.exception.stacktrace' ? (value.split('\n')[0] ?? '') : value

async function linesOf(file: string, count: number): Promise<string[]> {
  let lines: string[] = []
  return waitFor(
    async () => {
      lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').slice(0, -1)
      return lines.length >= count ? lines : undefined
    },
    { timeoutMs: 60_000, what: () => `${count} lines in ${file}; there are ${lines.length}` },
  )
}
