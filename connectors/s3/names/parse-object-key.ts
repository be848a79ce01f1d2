import type { ObjectNameParts, View } from '../ports.ts'
import type { ObjectNameOptions } from './object-key.ts'

/** What the key of an object tells about its records. */
export interface ParsedObjectKey extends ObjectNameParts {
  /** Which part of the records the object has. */
  readonly kind: View['kind']
  /** The rest of the name, such as `.json.gz`. */
  readonly extension: string
}

type Delimiters = Pick<ObjectNameOptions, 'directoryDelim' | 'fileDelim'>
type Name = Omit<ParsedObjectKey, 'topic' | 'directory'>

const kinds: Readonly<Record<string, View['kind']>> = { '.keys': 'key', '.headers': 'headers' }

/**
 * Reads the key of an object that the sink wrote with the same options; undefined for another key.
 *
 * Delimiters may occur in topics and directories: of the ways to read a key, the one whose name starts with the topic of its
 * directory is right. Without a topic that was renamed, that is always the case.
 */
export function parseObjectKey(
  key: string,
  { topicsDir, ...delimiters }: Omit<ObjectNameOptions, 'padWidth'>,
): ParsedObjectKey | undefined {
  const { directoryDelim } = delimiters
  const root = topicsDir.trim() === '' ? '' : topicsDir + directoryDelim
  if (!key.startsWith(root) || directoryDelim === '') return undefined
  const path = key.slice(root.length)
  return withSameTopic(path, delimiters) ?? withAnyTopic(path, delimiters)
}

function withSameTopic(path: string, { directoryDelim, fileDelim }: Delimiters): ParsedObjectKey | undefined {
  for (let end = path.indexOf(directoryDelim); end >= 0; end = path.indexOf(directoryDelim, end + 1)) {
    const topic = path.slice(0, end)
    const start = directoryDelim + topic + fileDelim
    const at = path.lastIndexOf(start)
    const directoryAt = end + directoryDelim.length
    if (topic === '' || at < directoryAt) continue
    const name = parseName(topic, path.slice(at + start.length), fileDelim)
    if (name !== undefined) return { topic, directory: path.slice(directoryAt, at), ...name }
  }
  return undefined
}

function withAnyTopic(path: string, { directoryDelim, fileDelim }: Delimiters): ParsedObjectKey | undefined {
  const end = path.indexOf(directoryDelim)
  const at = path.lastIndexOf(directoryDelim)
  const directoryAt = end + directoryDelim.length
  if (end <= 0 || at < directoryAt) return undefined
  const name = path.slice(at + directoryDelim.length)
  for (let i = name.indexOf(fileDelim, 1); i > 0; i = name.indexOf(fileDelim, i + 1)) {
    const found = parseName(name.slice(0, i), name.slice(i + fileDelim.length), fileDelim)
    if (found !== undefined) {
      return { topic: path.slice(0, end), directory: path.slice(directoryAt, at), ...found }
    }
  }
  return undefined
}

/** Reads what follows the topic in a name: `0+0000000042.json`. */
function parseName(originalTopic: string, text: string, fileDelim: string): Name | undefined {
  const partition = /^\d+/.exec(text)?.[0] ?? ''
  const rest = text.slice(partition.length)
  const offset = rest.startsWith(fileDelim) ? (/^\d+/.exec(rest.slice(fileDelim.length))?.[0] ?? '') : ''
  if (partition === '' || offset === '') return undefined
  const end = rest.slice(fileDelim.length + offset.length)
  // A further number: the first one belongs to the topic
  if (end.startsWith(fileDelim) && /^\d/.test(end.slice(fileDelim.length))) return undefined
  const suffix = /^\.(?:keys|headers)(?=\.|$)/.exec(end)?.[0] ?? ''
  return {
    originalTopic,
    partition: Number(partition),
    startOffset: Number(offset),
    kind: kinds[suffix] ?? 'value',
    extension: end.slice(suffix.length),
  }
}
