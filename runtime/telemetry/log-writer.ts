import { destination, pino, type DestinationStream } from 'pino'
import type { LogLine, LogSink } from './logger.ts'

export type LogFormat = 'auto' | 'json' | 'pretty'

const pinoLevels = { ERROR: 'error', WARN: 'warn', INFO: 'info', DEBUG: 'debug', TRACE: 'trace' } as const

/**
 * Where the lines of all processes go: standard output, as JSON or for people.
 *
 * `auto` is for people on a terminal. What filters is done before, by the levels of the loggers.
 */
export async function openLogWriter(format: LogFormat): Promise<LogSink> {
  const pretty = format === 'pretty' || (format === 'auto' && process.stdout.isTTY)
  const stream: DestinationStream = pretty ? await prettyStream() : destination({ sync: true })
  const log = pino({ level: 'trace', base: null, timestamp: false }, stream)
  return ({ time, level, logger, message, fields }: LogLine) => {
    log[pinoLevels[level]]({ time, logger, ...fields }, message)
  }
}

async function prettyStream(): Promise<DestinationStream> {
  const { default: pretty } = await import('pino-pretty')
  return pretty({
    colorize: process.stdout.isTTY,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'logger,connector,task',
    messageFormat: (fields, messageKey) => {
      const { connector, task, logger } = fields as { connector?: string; task?: number; logger?: string }
      const who = connector === undefined ? logger : `${connector}${task === undefined ? '' : `-${task}`}`
      return `[${who ?? 'headrace'}] ${String(fields[messageKey])}`
    },
    sync: true,
  })
}
