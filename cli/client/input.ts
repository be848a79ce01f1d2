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

/** A connector from a file, or from standard input (`-`). */
export async function readConnector(file = ''): Promise<ConnectorFile> {
  return file === STANDARD_INPUT
    ? parseConnectorFile(await readAll(process.stdin), nameOf(file))
    : loadConnectorFile(file)
}

/**
 * JSON from a file, or from standard input (`-`): its value, and its text, which has all digits of its numbers.
 * Throws `HR_CONFIG_INVALID` with file, line and column of what is no JSON.
 */
export async function readJson(file: string): Promise<{ readonly value: unknown; readonly text: string }> {
  const text = withoutByteOrderMark(
    file === STANDARD_INPUT ? await readAll(process.stdin) : await readText(file),
  )
  return { value: parseJsonText(text, nameOf(file)), text }
}

/** What messages call a file of the command line. */
export const nameOf = (file: string): string => (file === STANDARD_INPUT ? 'standard input' : file)
