import { headraceVersion, version } from '../api/index.ts'
import { parseCommand, type Command } from './arguments.ts'
import { printableLines } from './client/output.ts'
import { findCommand } from './commands.ts'
import { CommandError, errorText, exitCodes, UsageError } from './exit-codes.ts'
import { helpText } from './help.ts'
import type { StopSignal } from './stop-signal.ts'

/** Time that leftover handles, such as a hanging connection, may keep a stopped worker alive, in milliseconds. */
const EXIT_GRACE_MS = 500

/** Runs the command with these arguments and resolves to its exit code. Writes an error to standard error. */
export async function runCommandLine(args: readonly string[], stop: StopSignal): Promise<number> {
  try {
    const command = parseCommand(args)
    if (command.kind !== 'worker') stop.release()
    return await run(command, stop)
  } catch (error) {
    const usage = error instanceof UsageError ? error : undefined
    const hint = usage === undefined ? '' : `Try '${helpFor(args)}'.\n`
    process.stderr.write(`headrace: ${printableLines(errorText(error))}${await suggestion(usage)}\n${hint}`)
    return error instanceof CommandError ? error.exitCode : exitCodes.failed
  }
}

/** Returns the command that prints the help for a command line. */
function helpFor(args: readonly string[]): string {
  const name = args.find((arg) => findCommand(arg) !== undefined)
  return name === undefined ? 'headrace --help' : `headrace help ${name}`
}

/** Loads only the modules that the command needs. */
async function run(command: Command, stop: StopSignal): Promise<number> {
  switch (command.kind) {
    case 'help':
      process.stdout.write(`${helpText(command.about)}\n`)
      return exitCodes.done
    case 'version':
      process.stdout.write(
        `headrace ${headraceVersion} (compatible with Kafka Connect ${version.split('-')[0]})\n`,
      )
      return exitCodes.done
    case 'worker': {
      const { keepNurserySmall } = await import('./worker/small-nursery.ts')
      keepNurserySmall()
      const { runWorker } = await import('./worker/run.ts')
      try {
        return await runWorker(command, stop)
      } finally {
        setTimeout(() => process.exit(), EXIT_GRACE_MS).unref()
      }
    }
    case 'client': {
      const { runClient } = await import('./client/run.ts')
      return runClient(command)
    }
  }
}

/** Returns `; did you mean X?` when a known command or option resembles the unknown one, else an empty string. */
async function suggestion(error: UsageError | undefined): Promise<string> {
  if (error?.unknown === undefined) return ''
  const { nearest } = await import('../config/index.ts')
  const meant = nearest(error.unknown.word, error.unknown.known)
  return meant === undefined ? '' : `; did you mean ${meant}?`
}
