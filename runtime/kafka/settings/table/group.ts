import { between } from '../../../../api/index.ts'
import { defineClientTable } from './client-setting.ts'

const ASSIGNORS = ['RangeAssignor', 'CooperativeStickyAssignor'].map(
  (name) => `org.apache.kafka.clients.consumer.${name}`,
)

/** Settings of consumers for membership in a group. Source: ConsumerConfig. */
export const groupTable = defineClientTable({
  'group.id': {
    type: 'string',
    javaDefault: null,
    importance: 'high',
    doc: 'Group that the consumer belongs to.',
    note: 'The default of sinks is `connect-` and the name of the connector.',
  },
  'session.timeout.ms': {
    type: 'int',
    default: 45_000,
    validate: between(0),
    importance: 'high',
    doc: 'Time without a heartbeat after which a member counts as gone, in milliseconds.',
  },
  'heartbeat.interval.ms': {
    type: 'int',
    default: 3000,
    validate: between(0),
    importance: 'high',
    doc: 'Time between heartbeats to the coordinator of the group, in milliseconds.',
  },
  'max.poll.interval.ms': {
    type: 'int',
    default: 300_000,
    validate: between(1),
    importance: 'medium',
    doc: 'Longest time between polls before the member counts as gone, in milliseconds.',
    note: 'Also the longest time that a rebalance waits for the member.',
  },
  'partition.assignment.strategy': {
    type: 'list',
    default: ASSIGNORS,
    javaDefault: ASSIGNORS.map((name) => `class ${name}`),
    importance: 'medium',
    doc: 'How partitions are divided among the members of the group, the preferred way first.',
    note: 'Class names of assignors.',
  },
  'allow.auto.create.topics': {
    type: 'boolean',
    default: true,
    importance: 'medium',
    doc: 'Whether a subscribed topic that does not exist is created, where the broker allows that.',
  },
  'group.protocol': {
    type: 'string',
    default: 'classic',
    importance: 'high',
    doc: 'Protocol of the group: classic or consumer.',
    note: 'Only classic is supported; consumer is refused.',
  },
})
