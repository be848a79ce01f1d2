import { defineConfig } from '../../../../api/index.ts'
import { asExtensions, text } from '../../../shared/setting-rules.ts'
import { bool, checkedBool, int, long, mode, nonNegativeInt } from './rules.ts'

/**
 * Settings that Debezium reads without listing them, and our own. Responses include only those that the request sets.
 */
export const unlistedSettings = asExtensions(
  defineConfig({
    'skip.messages.without.change': {
      ...checkedBool,
      default: false,
      importance: 'low',
      doc: 'Whether to skip updates that change no included column. Effective for tables with the replica identity FULL.',
    },
    'money.fraction.digits': {
      ...int,
      default: 2,
      importance: 'low',
      doc: 'Number of decimal places of money columns with decimal.handling.mode precise.',
    },
    'field.name.adjustment.mode': {
      ...mode('none', 'avro_unicode', 'avro'),
      default: 'none',
      importance: 'low',
      doc: 'How to change characters of field names that Avro does not allow. See schema.name.adjustment.mode.',
    },
    'event.converting.failure.handling.mode': {
      ...mode('warn', 'fail', 'skip'),
      default: 'warn',
      importance: 'medium',
      doc: 'What to do about a value that cannot be converted: warn and write null, write null, or fail the task.',
    },
    'offset.mismatch.strategy': {
      ...mode('trust_greater_lsn', 'trust_slot', 'no_validation', 'trust_offset'),
      default: 'no_validation',
      importance: 'low',
      doc: 'What to do if the stored position and that of the replication slot differ: no_validation starts at the stored one; trust_offset advances the slot, and fails if the slot is ahead; trust_slot starts at the slot if it is ahead; trust_greater_lsn uses the later of both.',
    },
    'internal.slot.seek.to.known.offset.on.start': {
      ...bool,
      default: false,
      importance: 'low',
      deprecated: 'offset.mismatch.strategy',
      doc: 'Whether to advance the slot to the stored position: true means trust_offset. Ignored if offset.mismatch.strategy is set.',
    },
    'read.only': {
      ...bool,
      default: false,
      importance: 'medium',
      doc: 'Whether incremental snapshots work without writing to the signal table. Signals then come from Kafka or a file.',
    },
    'internal.create.slot.command.timeout': {
      ...long,
      default: 90,
      importance: 'low',
      doc: 'Longest time to create the replication slot or the publication, in seconds.',
    },
    'poll.dispatch.interval.ms': {
      ...nonNegativeInt,
      default: 0,
      importance: 'low',
      doc: 'Shortest time between two polls that return records, in milliseconds. Without effect: a poll returns records as soon as there are any.',
    },
    'incremental.snapshot.allow.schema.changes': {
      ...bool,
      default: false,
      importance: 'low',
      doc: 'Whether the columns of a table may change during its incremental snapshot. Without effect: a chunk is read again after a change.',
    },
    'topic.delimiter': {
      ...text,
      default: '.',
      importance: 'low',
      doc: 'Text between the parts of topic names.',
    },
    'topic.cache.size': {
      ...int,
      default: 10_000,
      importance: 'low',
      doc: 'Number of topic names that Debezium keeps. Without effect: that of each captured table is kept.',
    },
    'topic.heartbeat.prefix': {
      ...text,
      default: null,
      importance: 'low',
      doc: 'First part of the heartbeat topic, which ends with the topic prefix. Default: that of heartbeat.topics.prefix.',
    },
    'topic.heartbeat.name': {
      ...text,
      default: null,
      importance: 'low',
      doc: 'Whole name of the heartbeat topic.',
    },
    'topic.transaction': {
      ...text,
      default: 'transaction',
      importance: 'low',
      doc: 'Last part of the topic for the beginning and end of transactions, which starts with the topic prefix.',
    },
    'signal.kafka.topic': {
      ...text,
      default: null,
      importance: 'medium',
      doc: 'Topic with one partition that the channel kafka reads signals from. Default: the topic prefix and -signal.',
    },
    'signal.kafka.bootstrap.servers': {
      ...text,
      default: null,
      importance: 'medium',
      doc: 'Kafka brokers with the signal topic. Without effect: the topic must be in the cluster of the worker, which is read with its client settings.',
    },
    'signal.kafka.groupId': {
      ...text,
      default: 'kafka-signal',
      importance: 'low',
      doc: 'Consumer group of the channel kafka. Without effect: the position in the topic is part of the offset of the connector.',
    },
    'signal.kafka.poll.timeout.ms': {
      ...nonNegativeInt,
      default: 0,
      importance: 'low',
      doc: 'Longest time that a check of the signal topic waits, in milliseconds. Without effect: signals are received when they are written.',
    },
    'signal.file': {
      ...text,
      default: 'file-signals.txt',
      importance: 'medium',
      doc: 'File that the channel file reads signals from, one JSON object per line.',
    },
    'driver.ApplicationName': {
      ...text,
      default: null,
      importance: 'low',
      doc: 'Name of the connections in pg_stat_activity. Default: headrace and the name of the connector.',
    },
    'headrace.slot.drop.on.delete': {
      ...bool,
      default: false,
      importance: 'low',
      doc: 'Whether to drop the replication slot and a publication that the connector created when the connector is deleted.',
    },
  }),
)
