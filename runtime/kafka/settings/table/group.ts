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
    doc: 'ID of the consumer group.',
    note: 'The default for sinks is `connect-<connector name>`.',
  },
  'session.timeout.ms': {
    type: 'int',
    default: 45_000,
    validate: between(0),
    importance: 'high',
    doc: 'Time without heartbeats after which the group coordinator removes a member, in milliseconds.',
  },
  'heartbeat.interval.ms': {
    type: 'int',
    default: 3000,
    validate: between(0),
    importance: 'high',
    doc: 'Interval between heartbeats to the group coordinator, in milliseconds.',
  },
  'max.poll.interval.ms': {
    type: 'int',
    default: 300_000,
    validate: between(1),
    importance: 'medium',
    doc: 'Maximum time between polls before the consumer leaves its group, in milliseconds.',
    note: 'Also the maximum time that a rebalance waits for the member.',
  },
  'partition.assignment.strategy': {
    type: 'list',
    default: ASSIGNORS,
    javaDefault: ASSIGNORS.map((name) => `class ${name}`),
    importance: 'medium',
    doc: 'Assignors that distribute partitions among group members, in order of preference.',
    note: 'Values are class names.',
  },
  'allow.auto.create.topics': {
    type: 'boolean',
    default: true,
    importance: 'medium',
    doc: 'Whether a missing subscribed topic may be created, if the broker allows it.',
  },
  'group.protocol': {
    type: 'string',
    default: 'classic',
    importance: 'high',
    doc: 'Group protocol: classic or consumer.',
    note: 'Only classic is supported; consumer is rejected.',
  },
})
