import { text as readAll } from 'node:stream/consumers'
import {
  loadConnectorFile,
  parseConnectorFile,
  parseJsonText,
  readText,
  withoutByteOrderMark,
  type ConnectorFile,
} from '../../config/index.ts'

const STANDARD_INPUT = '-'

/** Reads a connector from a file or from standard input (`-`). */
export async function readConnector(file = ''): Promise<ConnectorFile> {
  return file === STANDARD_INPUT
    ? parseConnectorFile(await readAll(process.stdin), nameOf(file))
    : loadConnectorFile(file)
}

/**
 * Reads JSON from a file or from standard input (`-`). Resolves to the parsed value and the text, which keeps all
 * digits of large numbers. Throws `HR_CONFIG_INVALID` with the file, line and column of a syntax error.
 */
export async function readJson(file: string): Promise<{ readonly value: unknown; readonly text: string }> {
  const text = withoutByteOrderMark(
    file === STANDARD_INPUT ? await readAll(process.stdin) : await readText(file),
  )
  return { value: parseJsonText(text, nameOf(file)), text }
}

/** Returns the display name of a file argument. */
export const nameOf = (file: string): string => (file === STANDARD_INPUT ? 'standard input' : file)
