import type { Role, SeriesName } from '../plan.ts'

export interface SinkNamingSettings {
  readonly directoryDelim: string
  readonly fileDelim: string
  /** Directory of objects that have keys only, from `tombstone.encoded.partition`. */
  readonly tombstoneDirectory: string
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`)

const roles: Readonly<Record<string, Role>> = { '.keys': 'keys', '.headers': 'headers' }

/**
 * Returns a function that reads the keys of the sink: `<directory>/<topic>+<partition>+<offset>.<extension>`, with `.keys`
 * or `.headers` before the extension for objects with keys and headers. It returns undefined for other keys.
 *
 * Only the last part of the key counts, so that the partitioner that wrote the objects does not matter.
 */
export function sinkNaming(settings: SinkNamingSettings): (key: string) => SeriesName | undefined {
  const { directoryDelim, fileDelim, tombstoneDirectory } = settings
  const delim = escaped(fileDelim)
  const fileName = new RegExp(
    String.raw`^(.+)${delim}(\d{1,10})${delim}(\d{1,40})(\.keys|\.headers)?(\D.*)?$`,
    's',
  )
  const tombstoneEnd = `${directoryDelim}${tombstoneDirectory}${directoryDelim}`
  return (key) => {
    const delimAt = key.lastIndexOf(directoryDelim)
    const fileAt = delimAt < 0 ? 0 : delimAt + directoryDelim.length
    const match = fileName.exec(key.slice(fileAt))
    if (match === null) return undefined
    const [, topic = '', partition = '', digits = '', role = '', extension = ''] = match
    const start = Number(digits)
    if (!Number.isSafeInteger(start)) return undefined
    const rest = digits.length + role.length + extension.length
    return {
      kind: 'series',
      series: key.slice(0, key.length - rest),
      topic,
      partition: Number(partition),
      start,
      digits,
      role: roles[role] ?? 'value',
      extension,
      tombstones: key.slice(0, fileAt).endsWith(tombstoneEnd),
    }
  }
}
