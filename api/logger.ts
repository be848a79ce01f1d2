/** Additional fields of a log line. Values are printed as JSON. */
export type LogFields = Readonly<Record<string, unknown>>

/**
 * Logger for plugins and the runtime. The level depends on the consequence. `error`: data is lost or an operator must
 * act. `warn`: unexpected but recovered. `info`: lifecycle. `debug`: details, but never one line per record.
 */
export interface Logger {
  error(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  debug(message: string, fields?: LogFields): void
  trace(message: string, fields?: LogFields): void
}
