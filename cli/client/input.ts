import { buffer as readAll } from 'node:stream/consumers'
import {
  decodeText,
  loadConnectorFile,
  loadedConnector,
  parseJsonText,
  readText,
  withoutByteOrderMark,
  type LoadedConnector,
} from '../../config/index.ts'

const STANDARD_INPUT = '-'

/** Reads a connector from a file or from standard input (`-`). Prints warnings about the file to standard error. */
export async function readConnector(file = ''): Promise<LoadedConnector> {
  const connector =
    file === STANDARD_INPUT
      ? loadedConnector(decodeText(await readAll(process.stdin)), nameOf(file))
      : await loadConnectorFile(file)
  for (const warning of connector.warnings) process.stderr.write(`${warning}\n`)
  return connector
}

/**
 * Reads JSON from a file or from standard input (`-`). Resolves to the parsed value and the text, which keeps all
 * digits of large numbers. Throws `HR_CONFIG_INVALID` with the file, line and column of a syntax error.
 */
export async function readJson(file: string): Promise<{ readonly value: unknown; readonly text: string }> {
  const read = file === STANDARD_INPUT ? decodeText(await readAll(process.stdin)) : await readText(file)
  const text = withoutByteOrderMark(read.text)
  return { value: parseJsonText(text, nameOf(file)), text }
}

/** Returns the display name of a file argument. */
export const nameOf = (file: string): string => (file === STANDARD_INPUT ? 'standard input' : file)
