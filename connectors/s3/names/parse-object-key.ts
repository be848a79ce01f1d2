import type { ObjectNameParts, View } from '../ports.ts'
import type { ObjectNameOptions } from './object-key.ts'

/** What the key of an object tells about its records. */
export interface ParsedObjectKey extends ObjectNameParts {
  /** Which part of the records the object has. */
  readonly kind: View['kind']
  /** The rest of the name, such as `.json.gz`. */
  readonly extension: string
}

const kinds: Readonly<Record<string, View['kind']>> = { '.keys': 'key', '.headers': 'headers' }

/**
 * Reads the key of an object that the sink wrote with the same options; undefined for another key. Finds the topic in the
 * key itself: it is both the first directory and the start of the name.
 */
export function parseObjectKey(
  key: string,
  { topicsDir, directoryDelim, fileDelim }: Omit<ObjectNameOptions, 'padWidth'>,
): ParsedObjectKey | undefined {
  const root = topicsDir.trim() === '' ? '' : topicsDir + directoryDelim
  if (!key.startsWith(root) || directoryDelim === '') return undefined
  const path = key.slice(root.length)
  // A delimiter may be part of the topic
  for (let end = path.indexOf(directoryDelim); end >= 0; end = path.indexOf(directoryDelim, end + 1)) {
    const topic = path.slice(0, end)
    const name = directoryDelim + topic + fileDelim
    const at = path.lastIndexOf(name)
    if (topic === '' || at < end) continue
    const found = parseName(path.slice(at + name.length), fileDelim)
    if (found === undefined) continue
    const directory = path.slice(end + directoryDelim.length, Math.max(at, end + directoryDelim.length))
    return { topic, directory, ...found }
  }
  return undefined
}

function parseName(
  text: string,
  fileDelim: string,
): Pick<ParsedObjectKey, 'partition' | 'startOffset' | 'kind' | 'extension'> | undefined {
  const partition = /^\d+/.exec(text)?.[0] ?? ''
  const rest = text.slice(partition.length)
  const offset = rest.startsWith(fileDelim) ? (/^\d+/.exec(rest.slice(fileDelim.length))?.[0] ?? '') : ''
  if (partition === '' || offset === '') return undefined
  const end = rest.slice(fileDelim.length + offset.length)
  const suffix = /^\.(?:keys|headers)(?=\.|$)/.exec(end)?.[0] ?? ''
  return {
    partition: Number(partition),
    startOffset: Number(offset),
    kind: kinds[suffix] ?? 'value',
    extension: end.slice(suffix.length),
  }
}
