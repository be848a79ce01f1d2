import { between, defineConfig, oneOf, oneOfIgnoringCase } from '../../api/index.ts'
import { listOf, optional } from './rules.ts'

const orBrokerDefault = (what: string) => ({
  ...between(1),
  description: `positive ${what}, or -1 for the broker's default`,
  jsonSchema: { anyOf: [{ const: -1 }, { minimum: 1 }] },
  check: (key: string, value: unknown) => (value === -1 ? undefined : between(1).check(key, value)),
})

/** Algorithms that requests among workers can be signed with. */
const macs = ['HmacSHA1', 'HmacSHA256', 'HmacSHA384', 'HmacSHA512'] as const
const MIN_KEY_BITS = 128

/** Settings of a worker in a cluster. Source: DistributedConfig. */
export const distributedConfig = defineConfig({
  'group.id': {
    type: 'string',
    importance: 'high',
    doc: 'Name of the cluster: workers with the same name share the work.',
  },
  'config.storage.topic': {
    type: 'string',
    importance: 'high',
    doc: 'Topic that holds connector and task settings.',
  },
  'config.storage.replication.factor': {
    type: 'short',
    default: 3,
    validate: orBrokerDefault('number'),
    importance: 'low',
    doc: 'Replicas of that topic, where it has to be created; -1 for the default of the broker.',
  },
  'offset.storage.topic': {
    type: 'string',
    importance: 'high',
    doc: 'Topic that holds the offsets of source connectors.',
  },
  'offset.storage.partitions': {
    type: 'int',
    default: 25,
    validate: orBrokerDefault('number'),
    importance: 'low',
    doc: 'Partitions of that topic, where it has to be created; -1 for the default of the broker.',
  },
  'offset.storage.replication.factor': {
    type: 'short',
    default: 3,
    validate: orBrokerDefault('number'),
    importance: 'low',
    doc: 'Replicas of that topic, where it has to be created; -1 for the default of the broker.',
  },
  'status.storage.topic': {
    type: 'string',
    importance: 'high',
    doc: 'Topic that holds the states of connectors and tasks.',
  },
  'status.storage.partitions': {
    type: 'int',
    default: 5,
    validate: orBrokerDefault('number'),
    importance: 'low',
    doc: 'Partitions of that topic, where it has to be created; -1 for the default of the broker.',
  },
  'status.storage.replication.factor': {
    type: 'short',
    default: 3,
    validate: orBrokerDefault('number'),
    importance: 'low',
    doc: 'Replicas of that topic, where it has to be created; -1 for the default of the broker.',
  },
  'session.timeout.ms': {
    type: 'int',
    default: 10_000,
    importance: 'high',
    doc: 'Time without heartbeats after which the cluster goes on without a worker, in milliseconds.',
  },
  'rebalance.timeout.ms': {
    type: 'int',
    default: 60_000,
    importance: 'high',
    doc: 'Longest time that a rebalance waits for a worker to join, in milliseconds.',
  },
  'heartbeat.interval.ms': {
    type: 'int',
    default: 3000,
    importance: 'high',
    doc: 'Time between two heartbeats of a worker, in milliseconds.',
  },
  'exactly.once.source.support': {
    type: 'string',
    default: 'disabled',
    validate: oneOfIgnoringCase('disabled', 'preparing', 'enabled'),
    importance: 'high',
    doc: 'Whether source tasks write records and offsets in one transaction: disabled or preparing; enabled is refused.',
  },
  'connect.protocol': {
    type: 'string',
    default: 'sessioned',
    validate: oneOfIgnoringCase('eager', 'compatible', 'sessioned'),
    importance: 'low',
    doc: 'Newest version of the group protocol to offer: eager, compatible or sessioned.',
  },
  'scheduled.rebalance.max.delay.ms': {
    type: 'int',
    default: 300_000,
    validate: between(0, 2_147_483_647),
    importance: 'low',
    doc: 'Longest wait for a lost worker to come back before its work is given to others, in milliseconds.',
  },
  'worker.sync.timeout.ms': {
    type: 'int',
    default: 3000,
    importance: 'medium',
    doc: 'Longest time for catching up with the config topic before the worker leaves the cluster, in milliseconds.',
  },
  'worker.unsync.backoff.ms': {
    type: 'int',
    default: 300_000,
    importance: 'medium',
    doc: 'Wait before a worker that could not catch up joins again, in milliseconds.',
  },
  'inter.worker.key.generation.algorithm': {
    type: 'string',
    default: 'HmacSHA256',
    validate: oneOf(...macs),
    importance: 'low',
    doc: 'Algorithm of the key that requests among workers are signed with.',
  },
  'inter.worker.key.size': {
    type: 'int',
    default: null,
    validate: optional(between(MIN_KEY_BITS)),
    importance: 'low',
    doc: 'Size of that key in bits; by algorithm.',
  },
  'inter.worker.key.ttl.ms': {
    type: 'int',
    default: 3_600_000,
    validate: between(0),
    importance: 'low',
    doc: 'Age at which that key is replaced, in milliseconds.',
  },
  'inter.worker.signature.algorithm': {
    type: 'string',
    default: 'HmacSHA256',
    validate: oneOf(...macs),
    importance: 'low',
    doc: 'Algorithm that requests to other workers are signed with.',
  },
  'inter.worker.verification.algorithms': {
    type: 'list',
    default: ['HmacSHA256'],
    validate: listOf(macs),
    importance: 'low',
    doc: 'Algorithms that requests of other workers may be signed with.',
  },
  'client.id': {
    type: 'string',
    default: '',
    importance: 'low',
    doc: "Name of the worker's clients in the logs of brokers.",
  },
})

/** Settings of a worker on its own. Source: StandaloneConfig. */
export const standaloneConfig = defineConfig({
  'offset.storage.file.filename': {
    type: 'string',
    importance: 'high',
    doc: 'File that holds the offsets of source connectors, in the format of the Java worker.',
  },
})
