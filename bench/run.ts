import { parseArgs } from 'node:util'
import { stopAllChildren } from '../integration-tests/services/index.ts'
import { benchAssignor, type AssignorOptions } from './assignor/index.ts'
import type { CourseOptions } from './bare/open-course.ts'
import { benchCluster, type ClusterOptions } from './cluster/index.ts'
import { benchElasticsearch } from './elasticsearch/index.ts'
import { benchExactlyOnce } from './exactly-once/index.ts'
import { benchIdle, type IdleOptions } from './idle/index.ts'
import { benchMicro, type MicroOptions } from './micro/index.ts'
import { benchPostgres, type PostgresOptions } from './postgres/index.ts'
import { benchRest, type RestOptions } from './rest/index.ts'
import { benchS3 } from './s3/index.ts'
import { benchStartUp, benchThroughput, type PipelineOptions } from './pipeline/index.ts'

const usage = `Compares Headrace with the Java Connect worker 4.3.1, in one run on one broker.

  npm run bench                     all suites
  npm run bench -- start-up         time to the first response, memory without a connector
  npm run bench -- throughput       file to topic and back, as text and with transforms
  npm run bench -- exactly-once     file to topic with and without transactions
  npm run bench -- micro            converters and transforms only, on one core
  npm run bench -- rest             response times while 20 connectors move data
  npm run bench -- idle             CPU time and memory of idle connectors
  npm run bench -- postgres         snapshots, streams and latencies of the connector for PostgreSQL
  npm run bench -- cluster          three workers in a group: many connectors, leaving, settling, memory of a task
  npm run bench -- assignor         rebalances of a large cluster, simulated, and the sizes of its messages
  npm run bench -- s3               the S3 connectors next to programs that use the client libraries directly
  npm run bench -- elasticsearch    the sink for Elasticsearch next to a program that uses the client library directly

  --lines N          number of lines in the file (2000000)
  --rounds N         number of measurements; the table shows the median (3)
  --idle-seconds N   idle time before the memory of a worker is measured (60)
  --seconds N        duration of the warm-up and of the measurement of each micro case (3)
  --load-seconds N   duration of the load on the REST API (60)
  --connectors N     number of idle connectors of each kind, and of file sources of a cluster (300)
  --window-seconds N duration of the CPU measurement of idle connectors (60)
  --rows N           number of rows or records of each measurement of PostgreSQL, S3 and Elasticsearch
                     (500000)
  --latency-seconds N duration of each measurement of latencies (20)
  --only WORKER      headrace or java: the only worker to measure with PostgreSQL (both)
  --workers N        number of workers in the simulation of the assignor (100)
  --tasks N          number of their tasks, 20 for each connector (10000)
  --schemas on|off   whether records of PostgreSQL have schemas (both)
`

type Options = PipelineOptions &
  MicroOptions &
  RestOptions &
  IdleOptions &
  PostgresOptions &
  CourseOptions &
  ClusterOptions &
  AssignorOptions

const suites: Readonly<Record<string, (options: Options) => Promise<string>>> = {
  'start-up': benchStartUp,
  'throughput': benchThroughput,
  'exactly-once': benchExactlyOnce,
  'micro': benchMicro,
  'rest': benchRest,
  'idle': benchIdle,
  'postgres': benchPostgres,
  's3': benchS3,
  'elasticsearch': benchElasticsearch,
  'cluster': benchCluster,
  'assignor': benchAssignor,
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'lines': { type: 'string', default: '2000000' },
      'rounds': { type: 'string', default: '3' },
      'idle-seconds': { type: 'string', default: '60' },
      'seconds': { type: 'string', default: '3' },
      'load-seconds': { type: 'string', default: '60' },
      'connectors': { type: 'string', default: '300' },
      'window-seconds': { type: 'string', default: '60' },
      'rows': { type: 'string', default: '500000' },
      'latency-seconds': { type: 'string', default: '20' },
      'workers': { type: 'string', default: '100' },
      'tasks': { type: 'string', default: '10000' },
      'only': { type: 'string', default: 'both' },
      'schemas': { type: 'string', default: 'both' },
      'help': { type: 'boolean', default: false },
    },
  })
  const names = positionals.length === 0 ? Object.keys(suites) : positionals
  if (values.help || names.some((name) => !Object.hasOwn(suites, name))) {
    process.stdout.write(usage)
    return values.help ? 0 : 2
  }
  const options: Options = {
    lines: wholeNumber('--lines', values.lines),
    rounds: wholeNumber('--rounds', values.rounds),
    idleSeconds: wholeNumber('--idle-seconds', values['idle-seconds']),
    seconds: wholeNumber('--seconds', values.seconds),
    connectors: wholeNumber('--connectors', values.connectors),
    windowSeconds: wholeNumber('--window-seconds', values['window-seconds']),
    loadSeconds: wholeNumber('--load-seconds', values['load-seconds']),
    rows: wholeNumber('--rows', values.rows),
    latencySeconds: wholeNumber('--latency-seconds', values['latency-seconds']),
    workers: wholeNumber('--workers', values.workers),
    tasks: wholeNumber('--tasks', values.tasks),
    only: oneOf('--only', values.only, { both: undefined, java: 'Java 4.3.1', headrace: 'Headrace' }),
    schemas: oneOf('--schemas', values.schemas, { both: [false, true], on: [true], off: [false] }),
    report: (text) => process.stderr.write(`${text}\n`),
  }
  for (const name of names) process.stdout.write(`\n${await suites[name]?.(options)}\n`)
  return 0
}

function oneOf<T>(option: string, text: string, choices: Readonly<Record<string, T>>): T {
  const choice = Object.entries(choices).find(([name]) => name === text)
  if (choice !== undefined) return choice[1]
  throw new Error(`${option} must be one of ${Object.keys(choices).join(', ')}, but is '${text}'`)
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new Error(`${option} must be a positive integer, but is '${text}'`)
}

try {
  process.exitCode = await main()
} finally {
  await stopAllChildren()
}
