import type { LogFields, Logger } from '../../api/index.ts'
import type { LogLevel, LogLevels } from './log-levels.ts'
import { plainFields } from './plain-fields.ts'

/** One log line, as plain data that can be sent between processes. */
export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly time: number
  readonly level: Extract<LogLevel, 'ERROR' | 'WARN' | 'INFO' | 'DEBUG' | 'TRACE'>
  readonly logger: string
  readonly message: string
  readonly fields: LogFields
}

export type LogSink = (line: LogLine) => void

/** Creates loggers. Each has a dotted name, and fields that are added to all its lines. */
export class LoggerFactory {
  readonly levels: LogLevels
  readonly #sink: LogSink

  constructor(levels: LogLevels, sink: LogSink) {
    this.levels = levels
    this.#sink = sink
  }

  logger(name: string, common: LogFields = {}): Logger {
    this.levels.register(name)
    const at = (level: LogLine['level']) => (message: string, fields?: LogFields) => {
      if (!this.levels.enabled(name, level)) return
      this.#sink({
        time: Date.now(),
        level,
        logger: name,
        message,
        fields: plainFields({ ...common, ...fields }),
      })
    }
    return { error: at('ERROR'), warn: at('WARN'), info: at('INFO'), debug: at('DEBUG'), trace: at('TRACE') }
  }
}

/** A logger without output, for tests and for code that runs before logging is set up. */
export const silentLogger: Logger = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  trace: () => {},
}
