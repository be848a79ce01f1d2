/** Fields of a log line beside its message. Values are printed as JSON. */
export type LogFields = Readonly<Record<string, unknown>>

/**
 * Where plugins and the runtime log. Levels by consequence: error, data is lost or an operator must act;
 * warn, unexpected but recovered; info, lifecycle; debug, never once a record.
 */
export interface Logger {
  error(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  debug(message: string, fields?: LogFields): void
  trace(message: string, fields?: LogFields): void
}
