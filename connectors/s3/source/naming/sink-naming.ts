import { parseObjectKey } from '../../names/index.ts'
import type { Role, SeriesName } from '../plan.ts'

export interface SinkNamingSettings {
  readonly topicsDir: string
  readonly directoryDelim: string
  readonly fileDelim: string
  /** Directory of objects that have keys only, from `tombstone.encoded.partition`. */
  readonly tombstoneDirectory: string
}

const roles = { value: 'value', key: 'keys', headers: 'headers' } as const satisfies Readonly<
  Record<string, Role>
>

/**
 * Returns a function that reads the keys of the sink: `topics/<topic>/<directory>/<topic>+<partition>+<offset>.<extension>`,
 * with `.keys` or `.headers` before the extension for objects with keys and headers. It returns undefined for other keys.
 *
 * Which partitioner wrote the objects does not matter. The topic is the one that the sink read the records from.
 */
export function sinkNaming(settings: SinkNamingSettings): (key: string) => SeriesName | undefined {
  const { directoryDelim, tombstoneDirectory } = settings
  return (key) => {
    const parsed = parseObjectKey(key, settings)
    if (parsed === undefined) return undefined
    const { originalTopic, partition, startOffset, kind, extension, directory } = parsed
    if (!Number.isSafeInteger(startOffset) || /^\d/.test(extension)) return undefined
    const role = roles[kind]
    const suffix = role === 'value' ? '' : `.${role}`
    const name = key.slice(0, key.length - extension.length - suffix.length)
    const digits = /\d+$/.exec(name)?.[0] ?? ''
    return {
      kind: 'series',
      series: name.slice(0, name.length - digits.length),
      topic: originalTopic,
      partition,
      start: startOffset,
      digits,
      role,
      extension,
      tombstones: directory === tombstoneDirectory || directory.endsWith(directoryDelim + tombstoneDirectory),
    }
  }
}
