import { between, oneOf } from '../../../../api/index.ts'
import { validOffsetReset } from '../../fetcher/offset-reset.ts'
import { defineClientTable } from './client-setting.ts'

const MEBIBYTE = 1024 * 1024

/** Settings of consumers for reading partitions. Source: ConsumerConfig. */
export const fetchTable = defineClientTable({
  'fetch.min.bytes': {
    type: 'int',
    default: 1,
    validate: between(0),
    importance: 'high',
    doc: 'Bytes that a broker waits for before it answers a fetch.',
  },
  'fetch.max.wait.ms': {
    type: 'int',
    default: 500,
    validate: between(0),
    importance: 'low',
    doc: 'Longest wait of a broker for fetch.min.bytes, in milliseconds.',
  },
  'fetch.max.bytes': {
    type: 'int',
    default: 50 * MEBIBYTE,
    validate: between(0),
    importance: 'medium',
    doc: 'Most bytes of one answer to a fetch.',
    note: 'Also the most bytes that wait to be processed.',
  },
  'max.partition.fetch.bytes': {
    type: 'int',
    default: MEBIBYTE,
    validate: between(0),
    importance: 'high',
    doc: 'Most bytes of one partition in an answer to a fetch.',
    note: 'A larger record comes alone.',
  },
  'max.poll.records': {
    type: 'int',
    default: 5000,
    javaDefault: 500,
    validate: between(1),
    importance: 'medium',
    doc: 'Most records of one poll.',
    note: 'A sink task receives them in one `put`.',
  },
  'isolation.level': {
    type: 'string',
    default: 'read_uncommitted',
    validate: oneOf('read_committed', 'read_uncommitted'),
    importance: 'medium',
    doc: 'Whether records of open transactions are read: read_uncommitted or read_committed.',
    note: 'With read_committed, records of aborted transactions are left out, too.',
  },
  'check.crcs': {
    type: 'boolean',
    default: true,
    importance: 'low',
    doc: 'Whether the checksums of read records are checked.',
  },
  'auto.offset.reset': {
    type: 'string',
    default: 'latest',
    validate: validOffsetReset,
    importance: 'medium',
    doc: 'Where to begin without a committed offset: earliest, latest, by_duration:<ISO 8601 duration>, or none to fail.',
    note: 'It also applies when the committed offset no longer exists. For example, by_duration:PT1H begins with the records of the last hour. The default of sinks is earliest.',
  },
})
