import { parseArgs } from 'node:util'
import { UsageError } from './exit-codes.ts'

export type Command =
  | {
      readonly name: 'distributed'
      readonly workerFile: string
      readonly overrides: Readonly<Record<string, string>>
    }
  | {
      readonly name: 'standalone'
      readonly workerFile: string
      readonly connectorFiles: readonly string[]
      readonly overrides: Readonly<Record<string, string>>
    }
  | { readonly name: 'help'; readonly about: string | undefined }
  | { readonly name: 'version' }

/** What a command line asks for. Throws {@link UsageError}. */
export function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = parsed(args)
  const [name, ...rest] = positionals
  if (values.help === true || name === 'help')
    return { name: 'help', about: name === 'help' ? rest[0] : name }
  if (values.version === true) return { name: 'version' }
  const overrides = Object.fromEntries((values.override ?? []).map(asPair))
  if (name === 'distributed') {
    const [workerFile, ...others] = rest
    if (workerFile === undefined)
      throw new UsageError('distributed: the property file of the worker is missing')
    if (others.length > 0) {
      throw new UsageError(
        `distributed: ${others.join(' ')}: connectors of a cluster are created over REST, not on the command line`,
      )
    }
    return { name, workerFile, overrides }
  }
  if (name === 'standalone') {
    const [workerFile, ...connectorFiles] = rest
    if (workerFile === undefined)
      throw new UsageError('standalone: the property file of the worker is missing')
    return { name, workerFile, connectorFiles, overrides }
  }
  throw new UsageError(name === undefined ? 'no command was given' : `${name}: no such command`)
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
        override: { type: 'string', multiple: true },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function asPair(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at <= 0) throw new UsageError(`--override ${text}: expected key=value`)
  return [text.slice(0, at).trim(), text.slice(at + 1)]
}
