import { reasonOf } from '../api/index.ts'

/** Exit codes. Worker commands use those of the Java worker. */
export const exitCodes = {
  done: 0,
  /** The command line is invalid. */
  usage: 1,
  /** `doctor` has found errors. */
  errorsFound: 1,
  /** The command failed. A worker has invalid settings, could not start, or hit a fatal error. */
  failed: 2,
  /** The settings of a connector were rejected. */
  connectorRefused: 3,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** Ends the command with a message on standard error and an exit code. */
export class CommandError extends Error {
  readonly exitCode: ExitCode

  constructor(message: string, exitCode: ExitCode = exitCodes.failed, options: ErrorOptions = {}) {
    super(message, options)
    this.exitCode = exitCode
  }
}

/** The command line is invalid; the message names the problem. */
export class UsageError extends CommandError {
  /** The unknown command or option, and the valid ones. */
  readonly unknown: { readonly word: string; readonly known: readonly string[] } | undefined

  constructor(message: string, unknown?: UsageError['unknown']) {
    super(message, exitCodes.usage)
    this.unknown = unknown
  }
}

/** Returns the text of an error; that of a CommandError needs no addition. */
export const errorText = (error: unknown): string =>
  error instanceof CommandError ? error.message : reasonOf(error)
