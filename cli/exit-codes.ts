/** With which code a command ends, and what that means; for workers as the Java worker does. */
export const exitCodes = {
  done: 0,
  /** The command line is wrong. */
  usage: 1,
  /** What was asked for failed: for a worker, its settings are wrong or it could not start or go on. */
  failed: 2,
  /** The settings of a connector were refused. */
  connectorRefused: 3,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** Ends a command with a message for its user. */
export class CommandError extends Error {
  readonly exitCode: ExitCode

  constructor(message: string, exitCode: ExitCode = exitCodes.failed, options: ErrorOptions = {}) {
    super(message, options)
    this.exitCode = exitCode
  }
}

/** A command line that cannot be understood; the message says what is wrong with it. */
export class UsageError extends CommandError {
  /** A word that is not known, and those that stand for something in its place. */
  readonly unknown: { readonly word: string; readonly known: readonly string[] } | undefined

  constructor(message: string, unknown?: UsageError['unknown']) {
    super(message, exitCodes.usage)
    this.unknown = unknown
  }
}
