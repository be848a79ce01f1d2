import { isUtf8 } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import { ConnectError } from '../../api/index.ts'

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'is a directory',
  EACCES: 'permission denied',
}

/** The text of a file, with a warning if its encoding had to be guessed. */
export interface DecodedText {
  readonly text: string
  /** One line without the name of the file; undefined for UTF-8. */
  readonly warning: string | undefined
}

/** Reads a text file. Throws `HR_CONFIG_INVALID`, naming the file, when it cannot be read. */
export async function readText(path: string): Promise<DecodedText> {
  try {
    return decodeText(await readFile(path))
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    // No cause: it would only repeat the message in other words
    throw new ConnectError('HR_CONFIG_INVALID', `cannot read ${path}: ${reasons[code] ?? message}`)
  }
}

/**
 * Decodes bytes as UTF-8 if valid, otherwise as ISO-8859-1. Throws `HR_CONFIG_INVALID` for UTF-16, as some editors of
 * Windows write it. Source: java.util.Properties.load.
 * Differs: Java reads property files as ISO-8859-1 only.
 */
export function decodeText(bytes: Buffer): DecodedText {
  if (isUtf16(bytes)) {
    throw new ConnectError('HR_CONFIG_INVALID', 'the text is encoded as UTF-16, expected UTF-8 or ISO-8859-1')
  }
  if (isUtf8(bytes)) return { text: bytes.toString('utf8'), warning: undefined }
  const text = bytes.toString('latin1')
  const at = text.search(/[\u0080-\u00ff]/)
  const line = text.slice(0, at).split(/\r\n|\n|\r/).length
  const warning = `is not UTF-8 and is read as ISO-8859-1; the first non-ASCII character is in line ${line}`
  return { text, warning }
}

/** Enough to recognize an encoding. */
const SAMPLE_BYTES = 1024

/** Recognizes a byte order mark, or text in which every second byte is nearly always 0 and the others never are. */
function isUtf16(bytes: Buffer): boolean {
  const mark = bytes.length >= 2 ? bytes.readUInt16BE(0) : 0
  if (mark === 0xfeff || mark === 0xfffe) return true
  const sample = bytes.subarray(0, SAMPLE_BYTES)
  const zeros = [0, 0]
  for (const [at, byte] of sample.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros
  return Math.min(even, odd) === 0 && Math.max(even, odd) > sample.length / 4
}
