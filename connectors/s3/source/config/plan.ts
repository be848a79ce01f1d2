import type { ObjectReader } from '../../ports.ts'
import type { ObjectNaming, Role, SourcePlan } from '../plan.ts'
import { sinkNaming } from '../naming/sink-naming.ts'
import type { S3SourceConfig } from './definition.ts'
import { encodingOf, formatNamed, type CompressionName, type Encoding, type InputFormat } from './formats.ts'
import { topicPatterns, topicFor } from './topics.ts'

/** Creates the reader of a format. */
export type CreateReader = (format: InputFormat, compression: CompressionName, role: Role) => ObjectReader

/** Returns what the settings say about the work of the source. The settings are valid. */
export function sourcePlan(config: S3SourceConfig, createReader: CreateReader): SourcePlan {
  const readers = new Map<string, ObjectReader>()
  const formatOf = formatChooser(config)
  return {
    bucket: config['s3.bucket.name'],
    roots: rootsOf(config),
    startAfter: null,
    modifiedSince: config['file.discovery.starting.timestamp'],
    naming: namingOf(config, (key, role) => formatOf(key, role) !== undefined),
    readerOf(key, role) {
      const encoding = formatOf(key, role)
      if (encoding === undefined) return undefined
      const { format, compression } = encoding
      const name = `${format} ${compression} ${role}`
      const reader = readers.get(name) ?? createReader(format, compression, role)
      readers.set(name, reader)
      return reader
    },
    destinationOf: ({ topic, partition }) => ({
      topic: isGeneric(config) ? topic : topicFor(config['topic'], topic),
      partition: config['headrace.s3.keep.partitions'] ? partition : null,
    }),
    requiredKeys: config['store.kafka.keys'],
    requiredHeaders: config['store.kafka.headers'],
    onError: config['behavior.on.error'].toLowerCase() === 'ignore' ? 'ignore' : 'fail',
    onErrorSetting: 'behavior.on.error=ignore',
    pollIntervalMs: config['s3.poll.interval.ms'],
    lateWaitMs: config['headrace.s3.late.wait.ms'],
    lateWindowMs: config['headrace.s3.late.window.ms'],
    batchSize: config['record.batch.max.size'],
    bufferBytes: config['headrace.s3.buffer.max.bytes'],
  }
}

/** Whether objects with any name are read. */
export const isGeneric = (config: S3SourceConfig): boolean => config['mode'].toLowerCase() === 'generic'

/** Returns the prefixes of the keys to be read. */
export function rootsOf(config: S3SourceConfig): readonly string[] {
  const delim = config['directory.delim']
  const folders = config['folders'].filter((folder) => folder !== '')
  if (folders.length > 0) return folders.map((folder) => (folder.endsWith(delim) ? folder : folder + delim))
  return [topicsRoot(config)]
}

/** The prefix of the keys in `topics.dir`. */
export const topicsRoot = (config: S3SourceConfig): string =>
  config['topics.dir'].trim() === '' ? '' : config['topics.dir'] + config['directory.delim']

type Chooser = (key: string, role: Role) => Encoding | undefined

/** Objects with keys and headers have the format of their extension, whatever that of the values is. */
function formatChooser(config: S3SourceConfig): Chooser {
  const forced = formatNamed(config['format.class'])
  const compressionName = config['s3.compression.type'].toLowerCase()
  const bytesExtension = config['format.bytearray.extension']
  const isForcedForAll = isGeneric(config)
  return (key, role) => {
    const { format, compression } = encodingOf(key, bytesExtension)
    const chosen = role === 'value' && isForcedForAll ? (forced ?? format) : format
    if (chosen === undefined) return undefined
    if (role === 'value' && forced !== undefined && chosen !== forced) return undefined
    if (role !== 'value' || compressionName === 'auto') return { format: chosen, compression }
    return { format: chosen, compression: compressionName as CompressionName }
  }
}

function namingOf(config: S3SourceConfig, isReadable: (key: string, role: Role) => boolean): ObjectNaming {
  const parse = sinkNaming({
    topicsDir: config['topics.dir'],
    directoryDelim: config['directory.delim'],
    fileDelim: config['file.delim'],
    tombstoneDirectory: config['tombstone.encoded.partition'],
  })
  if (!isGeneric(config)) {
    return {
      singles: false,
      parse(key) {
        const name = parse(key)
        return name !== undefined && isReadable(key, name.role) ? name : undefined
      },
    }
  }
  const patterns = topicPatterns(config['topic.regex.list'])
  const topicOf = (key: string): string | undefined =>
    patterns.find(({ regex }) => regex.matches(key))?.topic ?? config['topic'] ?? undefined
  return {
    singles: true,
    parse(key) {
      const topic = topicOf(key)
      const name = parse(key)
      if (topic === undefined || !isReadable(key, name?.role ?? 'value')) return undefined
      return name === undefined ? { kind: 'single', topic, partition: null } : { ...name, topic }
    },
  }
}
