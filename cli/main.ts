#!/usr/bin/env node
import { headraceVersion, messageOf, version } from '../api/index.ts'
import { parseCommand, type Command } from './arguments.ts'
import { exitCodes, UsageError } from './exit-codes.ts'
import { helpText } from './help.ts'

/** Runs a command line; resolves to the code to end with. Only what the command needs is loaded. */
async function run(command: Command): Promise<number> {
  switch (command.name) {
    case 'help':
      process.stdout.write(`${helpText(command.about)}\n`)
      return exitCodes.done
    case 'version':
      process.stdout.write(
        `headrace ${headraceVersion} (compatible with Kafka Connect ${version.split('-')[0]})\n`,
      )
      return exitCodes.done
    case 'distributed':
    case 'standalone': {
      const { runWorker } = await import('./run-worker.ts')
      return runWorker(command)
    }
  }
}

try {
  process.exitCode = await run(parseCommand(process.argv.slice(2)))
} catch (error) {
  const usage = error instanceof UsageError
  process.stderr.write(`headrace: ${messageOf(error)}\n${usage ? "Try 'headrace --help'.\n" : ''}`)
  process.exitCode = usage ? exitCodes.usage : exitCodes.failed
}
