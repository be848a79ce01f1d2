import { readFile, stat, truncate } from 'node:fs/promises'
import { messageOf, type Logger } from '../../../../api/index.ts'
import type { SignalRow } from '../ports.ts'
import { readSignalText } from './signal-text.ts'

/**
 * Reads the signals of a file, one JSON object per line, and empties the file. There are none if the file does not exist.
 * Invalid lines are logged and skipped.
 *
 * Source: FileSignalChannel.
 */
export async function readSignalFile(path: string, log: Logger): Promise<readonly SignalRow[]> {
  let text: string
  try {
    const entry = await stat(path)
    if (!entry.isFile() || entry.size === 0) return []
    text = await readFile(path, 'utf8')
    await truncate(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    log.error(`signal.file: cannot read signals from ${path}: ${messageOf(error)}`)
    return []
  }
  const signals: SignalRow[] = []
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') continue
    const signal = readSignalText(line)
    if (typeof signal === 'string') log.warn(`A signal in ${path} is ignored: ${signal}`)
    else signals.push(signal)
  }
  return signals
}
