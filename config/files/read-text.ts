import { readFile } from 'node:fs/promises'
import { ConnectError } from '../../api/index.ts'

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'is a directory',
  EACCES: 'permission denied',
}

/** Reads a text file. Throws `HR_CONFIG_INVALID`, naming the file, when it cannot be read. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException
    throw new ConnectError('HR_CONFIG_INVALID', `cannot read ${path}: ${reasons[code] ?? message}`, {
      cause,
    })
  }
}
