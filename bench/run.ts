import { parseArgs } from 'node:util'
import { stopAllChildren } from '../integration-tests/services/index.ts'
import { benchIdle, type IdleOptions } from './idle/index.ts'
import { benchMicro, type MicroOptions } from './micro/index.ts'
import { benchRest, type RestOptions } from './rest/index.ts'
import { benchStartUp, benchThroughput, type PipelineOptions } from './pipeline/index.ts'

const usage = `Compares Headrace with the Java Connect worker 4.3.1, in one run on one broker.

  npm run bench                     all suites
  npm run bench -- start-up         time to the first response, memory without a connector
  npm run bench -- throughput       file to topic and back, as text and with transforms
  npm run bench -- micro            converters and transforms only, on one core
  npm run bench -- rest             response times while 20 connectors move data
  npm run bench -- idle             CPU time and memory of idle connectors

  --lines N          number of lines in the file (2000000)
  --rounds N         number of measurements; the table shows the median (3)
  --idle-seconds N   idle time before the memory of a worker is measured (60)
  --seconds N        duration of the warm-up and of the measurement of each micro case (3)
  --load-seconds N   duration of the load on the REST API (60)
  --connectors N     number of idle connectors of each kind (300)
  --window-seconds N duration of the CPU measurement of idle connectors (60)
`

type Options = PipelineOptions & MicroOptions & RestOptions & IdleOptions

const suites: Readonly<Record<string, (options: Options) => Promise<string>>> = {
  'start-up': benchStartUp,
  'throughput': benchThroughput,
  'micro': benchMicro,
  'rest': benchRest,
  'idle': benchIdle,
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
    report: (text) => process.stderr.write(`${text}\n`),
  }
  for (const name of names) process.stdout.write(`\n${await suites[name]?.(options)}\n`)
  return 0
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
