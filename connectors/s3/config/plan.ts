import type { TaskProps } from '../../../api/index.ts'
import { schemaCompatibility, type CompatibilityMode } from '../compatibility/index.ts'
import { objectKeys, parseObjectKey } from '../names/index.ts'
import type { SinkPlan } from '../ports.ts'
import type { S3SinkConfig } from './definition.ts'
import { nullValues } from './null-values.ts'
import { partitionerOf } from './partitioner.ts'
import { rotationOf } from './rotation.ts'
import { viewsOf } from './views.ts'

/**
 * Creates the plan of the settings. `props` are the same settings as texts.
 *
 * Throws `HR_CONFIG_INVALID` for a setting that the partitioner cannot work with.
 */
export async function sinkPlan(config: S3SinkConfig, props: TaskProps): Promise<SinkPlan> {
  const partitioner = partitionerOf(config)
  const maxPutMs = config['max.write.duration.ms']
  return {
    partitioner,
    rotation: rotationOf(config, partitioner),
    compatibility: schemaCompatibility(config['schema.compatibility'] as CompatibilityMode),
    views: await viewsOf(config, props),
    objectKey: objectKeys(nameOptions(config)),
    whenExists: config['enable.conditional.writes'] ? 'keep' : 'replace',
    nullValues: nullValues(config),
    tombstoneDirectory: config['tombstone.encoded.partition'],
    latestOnly: false,
    retryBackoffMs: config['retry.backoff.ms'],
    maxPutMs: Number.isSafeInteger(maxPutMs) ? maxPutMs : null,
  }
}

/** The settings that names of objects depend on. */
export function nameOptions(config: S3SinkConfig) {
  return {
    topicsDir: config['topics.dir'],
    directoryDelim: config['directory.delim'],
    fileDelim: config['file.delim'],
    padWidth: config['filename.offset.zero.pad.width'],
  }
}

/** The start of the names of all objects. */
export function namePrefix(config: S3SinkConfig): string {
  return config['topics.dir'] === '' ? '' : config['topics.dir'] + config['directory.delim']
}

/** Returns the partition whose records an object has, by its name; undefined for objects of others. */
export function partitionOfKey(config: S3SinkConfig) {
  const options = nameOptions(config)
  return (key: string) => {
    const parsed = parseObjectKey(key, options)
    return parsed === undefined ? undefined : { topic: parsed.originalTopic, partition: parsed.partition }
  }
}
