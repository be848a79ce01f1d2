import { between, defineConfig, oneOf, oneOfIgnoringCase } from '../../api/index.ts'
import { tagList } from '../definition/index.ts'
import { listOf, optional } from './rules.ts'

const orBrokerDefault = (what: string) => ({
  ...between(1),
  description: `positive ${what}, or -1 for the broker's default`,
  jsonSchema: { anyOf: [{ const: -1 }, { minimum: 1 }] },
  check: (key: string, value: unknown) => (value === -1 ? undefined : between(1).check(key, value)),
})

/** Algorithms for signing requests between workers. */
const macs = ['HmacSHA1', 'HmacSHA256', 'HmacSHA384', 'HmacSHA512'] as const
const MIN_KEY_BITS = 128

/** Settings of a worker in a cluster. Source: DistributedConfig. */
export const distributedConfig = defineConfig({
  'group.id': {
    type: 'string',
    importance: 'high',
    doc: 'Name of the cluster. Workers with the same group.id form a cluster.',
  },
  'config.storage.topic': {
    type: 'string',
    importance: 'high',
    doc: 'Topic that stores connector and task configurations.',
  },
  'config.storage.replication.factor': {
    type: 'short',
    default: 3,
    validate: orBrokerDefault('number'),
    importance: 'low',
    doc: "Replication factor of the config topic if the worker creates it; -1 uses the broker's default.",
  },
  'offset.storage.topic': {
    type: 'string',
    importance: 'high',
    doc: 'Topic that stores the offsets of source connectors.',
  },
  'offset.storage.partitions': {
    type: 'int',
    default: 25,
    validate: orBrokerDefault('number'),
    importance: 'low',
    doc: "Number of partitions of the offsets topic if the worker creates it; -1 uses the broker's default.",
  },
  'offset.storage.replication.factor': {
    type: 'short',
    default: 3,
    validate: orBrokerDefault('number'),
    importance: 'low',
    doc: "Replication factor of the offsets topic if the worker creates it; -1 uses the broker's default.",
  },
  'status.storage.topic': {
    type: 'string',
    importance: 'high',
    doc: 'Topic that stores the states of connectors and tasks.',
  },
  'status.storage.partitions': {
    type: 'int',
    default: 5,
    validate: orBrokerDefault('number'),
    importance: 'low',
    doc: "Number of partitions of the status topic if the worker creates it; -1 uses the broker's default.",
  },
  'status.storage.replication.factor': {
    type: 'short',
    default: 3,
    validate: orBrokerDefault('number'),
    importance: 'low',
    doc: "Replication factor of the status topic if the worker creates it; -1 uses the broker's default.",
  },
  'session.timeout.ms': {
    type: 'int',
    default: 10_000,
    importance: 'high',
    doc: 'Time without heartbeats after which the group coordinator removes a worker, in milliseconds.',
  },
  'rebalance.timeout.ms': {
    type: 'int',
    default: 60_000,
    importance: 'high',
    doc: 'Maximum time that a rebalance waits for a worker to join, in milliseconds.',
  },
  'heartbeat.interval.ms': {
    type: 'int',
    default: 3000,
    importance: 'high',
    doc: 'Interval between heartbeats to the group coordinator, in milliseconds.',
  },
  'exactly.once.source.support': {
    type: 'string',
    default: 'disabled',
    validate: oneOfIgnoringCase('disabled', 'preparing', 'enabled'),
    importance: 'high',
    doc: 'Whether source tasks write records and offsets in one transaction: disabled, preparing or enabled. Change it in two rolling restarts: first all workers to preparing, where the leader writes to the config topic in transactions, then all to enabled.',
  },
  'connect.protocol': {
    type: 'string',
    default: 'sessioned',
    validate: oneOfIgnoringCase('eager', 'compatible', 'sessioned'),
    importance: 'low',
    doc: 'Latest version of the group protocol that the worker offers: eager, compatible or sessioned.',
  },
  'scheduled.rebalance.max.delay.ms': {
    type: 'int',
    default: 300_000,
    validate: between(0, 2_147_483_647),
    importance: 'low',
    doc: 'Maximum delay before the connectors and tasks of a lost worker are reassigned, in milliseconds.',
  },
  'worker.sync.timeout.ms': {
    type: 'int',
    default: 3000,
    importance: 'medium',
    doc: 'Maximum time to catch up with the config topic before the worker leaves the group, in milliseconds.',
  },
  'worker.unsync.backoff.ms': {
    type: 'int',
    default: 300_000,
    importance: 'medium',
    doc: 'Backoff before a worker that failed to catch up rejoins the group, in milliseconds.',
  },
  'inter.worker.key.generation.algorithm': {
    type: 'string',
    default: 'HmacSHA256',
    validate: oneOf(...macs),
    importance: 'low',
    doc: 'Algorithm of the session key that signs requests between workers.',
  },
  'inter.worker.key.size': {
    type: 'int',
    default: null,
    validate: optional(between(MIN_KEY_BITS)),
    importance: 'low',
    doc: 'Size of the session key, in bits; depends on the algorithm by default.',
  },
  'inter.worker.key.ttl.ms': {
    type: 'int',
    default: 3_600_000,
    validate: between(0),
    importance: 'low',
    doc: 'Age at which the session key is replaced, in milliseconds.',
  },
  'inter.worker.signature.algorithm': {
    type: 'string',
    default: 'HmacSHA256',
    validate: oneOf(...macs),
    importance: 'low',
    doc: 'Algorithm for signing requests to other workers.',
  },
  'inter.worker.verification.algorithms': {
    type: 'list',
    default: ['HmacSHA256'],
    validate: listOf(macs),
    importance: 'low',
    doc: 'Algorithms accepted for requests from other workers.',
  },
  'client.id': {
    type: 'string',
    default: '',
    importance: 'low',
    doc: "Client ID of the worker's Kafka clients, shown in broker logs.",
  },
  'headrace.worker.tags': {
    type: 'list',
    default: [],
    validate: tagList,
    importance: 'low',
    doc: 'Tags of the worker as name=value pairs, separated by commas; headrace.placement of a connector selects workers by them.',
    extension: true,
  },
})

/** Settings of a standalone worker. Source: StandaloneConfig. */
export const standaloneConfig = defineConfig({
  'offset.storage.file.filename': {
    type: 'string',
    importance: 'high',
    doc: 'File that stores the offsets of source connectors, in the format of the Java worker.',
  },
})
