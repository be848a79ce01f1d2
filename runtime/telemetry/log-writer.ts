import type { DestinationStream, pino as Pino } from 'pino'
import type { LogLine, LogSink } from './logger.ts'
import { prettyLine } from './pretty-line.ts'

export type LogFormat = 'auto' | 'json' | 'pretty'

const pinoLevels = { ERROR: 'error', WARN: 'warn', INFO: 'info', DEBUG: 'debug', TRACE: 'trace' } as const

/**
 * Writes the log lines of all processes to standard output, as JSON or in a readable format.
 *
 * `auto` means the readable format on a terminal and JSON otherwise. Lines are already filtered by the
 * loggers' levels.
 */
export async function openLogWriter(format: LogFormat): Promise<LogSink> {
  const { destination, pino } = await import('pino') // task processes write no log
  const stream = destination({ sync: true })
  const pretty = format === 'pretty' || (format === 'auto' && process.stdout.isTTY)
  return pretty ? prettyWriter(stream) : jsonWriter(pino, stream)
}

function prettyWriter(stream: DestinationStream): LogSink {
  const coloured = process.stdout.isTTY && process.env['NO_COLOR'] === undefined
  return (line) => stream.write(`${prettyLine(line, coloured)}\n`)
}

/** Writes the level by name and the time in ISO 8601. */
function jsonWriter(pino: typeof Pino, stream: DestinationStream): LogSink {
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
