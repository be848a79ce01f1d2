import { destination, pino, type DestinationStream } from 'pino'
import type { LogLine, LogSink } from './logger.ts'
import { prettyLine } from './pretty-line.ts'

export type LogFormat = 'auto' | 'json' | 'pretty'

const pinoLevels = { ERROR: 'error', WARN: 'warn', INFO: 'info', DEBUG: 'debug', TRACE: 'trace' } as const

/**
 * Where the lines of all processes go: standard output, as JSON or for people.
 *
 * `auto` is for people on a terminal. What filters is done before, by the levels of the loggers.
 */
export function openLogWriter(format: LogFormat): LogSink {
  const stream = destination({ sync: true })
  const pretty = format === 'pretty' || (format === 'auto' && process.stdout.isTTY)
  return pretty ? prettyWriter(stream) : jsonWriter(stream)
}

function prettyWriter(stream: DestinationStream): LogSink {
  const coloured = process.stdout.isTTY && process.env['NO_COLOR'] === undefined
  return (line) => stream.write(`${prettyLine(line, coloured)}\n`)
}

/** Level by name and time in ISO 8601, so that a line can be read without a key to it. */
function jsonWriter(stream: DestinationStream): LogSink {
  const log = pino(
    {
      level: 'trace',
      base: null,
      timestamp: false,
      formatters: { level: (label) => ({ level: label.toUpperCase() }) },
      serializers: { err: (error: unknown) => error },
    },
    stream,
  )
  return ({ time, level, logger, message, fields }: LogLine) => {
    log[pinoLevels[level]]({ time: new Date(time).toISOString(), logger, ...fields }, message)
  }
}
