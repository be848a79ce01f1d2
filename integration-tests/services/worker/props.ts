import { randomBytes } from 'node:crypto'

const STRING_CONVERTER = 'org.apache.kafka.connect.storage.StringConverter'

/** Returns settings of a distributed Headrace or Java worker, with unique topics and a unique group. */
export function distributedProps(
  bootstrapServers: string,
  {
    group = uniqueName('cluster'),
    replicas = 1,
  }: { readonly group?: string; readonly replicas?: number } = {},
): Record<string, string> {
  return {
    'bootstrap.servers': bootstrapServers,
    'group.id': group,
    'config.storage.topic': `${group}-configs`,
    'offset.storage.topic': `${group}-offsets`,
    'status.storage.topic': `${group}-status`,
    'config.storage.replication.factor': String(replicas),
    'offset.storage.replication.factor': String(replicas),
    'status.storage.replication.factor': String(replicas),
    'offset.storage.partitions': '3',
    'status.storage.partitions': '1',
    'key.converter': STRING_CONVERTER,
    'value.converter': STRING_CONVERTER,
    'offset.flush.interval.ms': '1000',
  }
}

/** Returns a unique name for a topic, group or connector. */
export function uniqueName(what: string): string {
  return `${what}-${randomBytes(4).toString('hex')}`
}

/** Returns the internal topics of a worker with these settings. */
export function storageTopics(props: Readonly<Record<string, string>>): string[] {
  return ['config', 'offset', 'status'].map((what) => props[`${what}.storage.topic`] ?? '')
}
