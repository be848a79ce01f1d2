/** With which code a command ends, and what that means; as the Java worker does. */
export const exitCodes = {
  done: 0,
  /** The command line is wrong. */
  usage: 1,
  /** The settings are wrong, or the worker could not start or go on. */
  failed: 2,
  /** A connector of the command line was refused. */
  connectorRefused: 3,
} as const

/** A command line that cannot be understood; the message says what is wrong with it. */
export class UsageError extends Error {}
