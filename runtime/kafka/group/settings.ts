import { between, ConnectError, defineConfig, type Props } from '../../../api/index.ts'
import { parseConfig } from '../../../config/index.ts'
import { assignorOf, type Assignor } from './assignors.ts'
import type { GroupSettings } from './ports.ts'

/**
 * Settings of a sink's consumer group, with Kafka's names and defaults.
 *
 * Differs: `group.protocol=consumer` (KIP-848) is refused.
 */
export const groupConfig = defineConfig({
  'group.id': { type: 'string', importance: 'high', doc: 'Name of the consumer group.' },
  'session.timeout.ms': {
    type: 'int',
    default: 45_000,
    validate: between(0),
    importance: 'high',
    doc: 'Time without heartbeats after which the group goes on without the consumer, in milliseconds.',
  },
  'heartbeat.interval.ms': {
    type: 'int',
    default: 3000,
    validate: between(0),
    importance: 'high',
    doc: 'Time between two heartbeats, in milliseconds.',
  },
  'max.poll.interval.ms': {
    type: 'int',
    default: 300_000,
    validate: between(1),
    importance: 'medium',
    doc: 'Longest time that a task may take for a batch before it leaves its group, and that a rebalance waits for it, in milliseconds.',
  },
  'partition.assignment.strategy': {
    type: 'list',
    default: [
      'org.apache.kafka.clients.consumer.RangeAssignor',
      'org.apache.kafka.clients.consumer.CooperativeStickyAssignor',
    ],
    importance: 'medium',
    doc: 'How partitions are divided among tasks: class names of assignors, the preferred one first.',
  },
  'allow.auto.create.topics': {
    type: 'boolean',
    default: true,
    importance: 'medium',
    doc: 'Whether brokers may create a topic that is subscribed to and missing, where they are set up to.',
  },
  'group.protocol': {
    type: 'string',
    default: 'classic',
    importance: 'high',
    doc: 'Only classic is spoken.',
  },
})

export interface ConsumerGroupSettings extends GroupSettings {
  readonly assignors: readonly Assignor[]
  readonly createsTopics: boolean
}

/** Reads the settings of a consumer group. Throws `HR_CONFIG_INVALID`. */
export function consumerGroupSettings(props: Props): ConsumerGroupSettings {
  const config = parseConfig(groupConfig, props)
  if (config['group.protocol'].toLowerCase() !== 'classic') {
    const message = `group.protocol is ${config['group.protocol']}; only classic is spoken by Headrace. Leave the setting out.`
    throw new ConnectError('HR_CONFIG_INVALID', message, { configKey: 'group.protocol' })
  }
  return {
    groupId: config['group.id'],
    sessionTimeoutMs: config['session.timeout.ms'],
    rebalanceTimeoutMs: config['max.poll.interval.ms'],
    heartbeatIntervalMs: config['heartbeat.interval.ms'],
    assignors: config['partition.assignment.strategy'].map(assignorOf),
    createsTopics: config['allow.auto.create.topics'],
  }
}
