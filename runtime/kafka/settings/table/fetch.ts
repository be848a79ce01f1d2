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
    doc: 'Minimum bytes in a fetch response, for which the broker waits.',
  },
  'fetch.max.wait.ms': {
    type: 'int',
    default: 500,
    validate: between(0),
    importance: 'low',
    doc: 'Maximum time that a broker waits for fetch.min.bytes, in milliseconds.',
  },
  'fetch.max.bytes': {
    type: 'int',
    default: 50 * MEBIBYTE,
    validate: between(0),
    importance: 'medium',
    doc: 'Maximum bytes in a fetch response.',
    note: 'Also limits the fetched bytes that are not processed yet.',
  },
  'max.partition.fetch.bytes': {
    type: 'int',
    default: MEBIBYTE,
    validate: between(0),
    importance: 'high',
    doc: 'Maximum bytes per partition in a fetch response.',
    note: 'A larger record is returned alone.',
  },
  'max.poll.records': {
    type: 'int',
    default: 5000,
    javaDefault: 500,
    validate: between(1),
    importance: 'medium',
    doc: 'Maximum number of records per poll.',
    note: 'A sink task receives them in one `put`.',
  },
  'isolation.level': {
    type: 'string',
    default: 'read_uncommitted',
    validate: oneOf('read_committed', 'read_uncommitted'),
    importance: 'medium',
    doc: 'Whether to read all records (read_uncommitted) or only those of committed transactions (read_committed).',
    note: 'With read_committed, records of aborted transactions are skipped too.',
  },
  'check.crcs': {
    type: 'boolean',
    default: true,
    importance: 'low',
    doc: 'Whether to verify the checksums of record batches.',
  },
  'auto.offset.reset': {
    type: 'string',
    default: 'latest',
    validate: validOffsetReset,
    importance: 'medium',
    doc: 'Where to start reading without a committed offset: earliest, latest, by_duration:<ISO 8601 duration>, or none to fail.',
    note: 'Also applies if the committed offset no longer exists. For example, by_duration:PT1H starts with the records of the last hour. The default for sinks is earliest.',
  },
})
