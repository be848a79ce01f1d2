import type { ObjectNameParts, View } from '../ports.ts'

/** The settings that object names depend on. */
export interface ObjectNameOptions {
  /** `topics.dir`: the first directory. There is none if it is blank. */
  readonly topicsDir: string
  /** `directory.delim` */
  readonly directoryDelim: string
  /** `file.delim` */
  readonly fileDelim: string
  /** `filename.offset.zero.pad.width` */
  readonly padWidth: number
}

/** What precedes the extension in the names of the objects of a view. */
const suffixes: Readonly<Record<View['kind'], string>> = { value: '', key: '.keys', headers: '.headers' }

/**
 * Returns the function for the keys of objects: `topics/orders/partition=0/orders+0+0000000042.json`, and
 * `…/orders+0+0000000042.keys.avro` for the keys of its records.
 *
 * Source: TopicPartitionWriter.fileKeyToCommit, Utils.getAdjustedFilename. Differs: a width of 0 means no zeros; Java fails.
 */
export function objectKeys(
  options: ObjectNameOptions,
): (parts: ObjectNameParts, view: Pick<View, 'kind'> & { format: { extension: string } }) => string {
  const { topicsDir, directoryDelim, fileDelim, padWidth } = options
  const root = topicsDir.trim() === '' ? '' : topicsDir + directoryDelim
  return ({ topic, originalTopic, partition, directory, startOffset }, { kind, format }) => {
    const offset = String(startOffset).padStart(padWidth, '0')
    const name = originalTopic + fileDelim + partition + fileDelim + offset
    return `${root}${topic}${directoryDelim}${directory}${directoryDelim}${name}${suffixes[kind]}${format.extension}`
  }
}
