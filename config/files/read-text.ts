import { readFile } from 'node:fs/promises'
import { ConnectError } from '../../api/index.ts'

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
}

/** The text of a file. Throws `HR_CONFIG_INVALID`, naming the file, when it cannot be read. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException
    throw new ConnectError('HR_CONFIG_INVALID', `${path} cannot be read: ${reasons[code] ?? message}`, {
      cause,
    })
  }
}
