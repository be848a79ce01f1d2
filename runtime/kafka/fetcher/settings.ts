import { between, defineConfig, oneOf, type Props } from '../../../api/index.ts'
import { parseConfig } from '../../../config/index.ts'
import { offsetReset, validOffsetReset, type OffsetReset } from './offset-reset.ts'

const MEBIBYTE = 1024 * 1024

/** Settings of fetching, with Kafka's names and defaults. Differs: max.poll.records is 5000, in Kafka 500. */
export const fetchConfig = defineConfig({
  'fetch.min.bytes': {
    type: 'int',
    default: 1,
    validate: between(0),
    importance: 'high',
    doc: 'Bytes that a broker waits for before it answers, up to fetch.max.wait.ms.',
  },
  'fetch.max.wait.ms': {
    type: 'int',
    default: 500,
    validate: between(0),
    importance: 'low',
    doc: 'Longest time that a broker waits for records to come, in milliseconds.',
  },
  'fetch.max.bytes': {
    type: 'int',
    default: 50 * MEBIBYTE,
    validate: between(0),
    importance: 'medium',
    doc: 'Most bytes in one answer, and most bytes held that are not yet processed.',
  },
  'max.partition.fetch.bytes': {
    type: 'int',
    default: MEBIBYTE,
    validate: between(0),
    importance: 'high',
    doc: 'Most bytes of one partition in an answer; a larger record comes alone.',
  },
  'max.poll.records': {
    type: 'int',
    default: 5000,
    validate: between(1),
    importance: 'medium',
    doc: 'Most records given to a sink task at once. Kafka: 500.',
  },
  'isolation.level': {
    type: 'string',
    default: 'read_uncommitted',
    validate: oneOf('read_committed', 'read_uncommitted'),
    importance: 'medium',
    doc: 'read_committed leaves out records of transactions that are open or were aborted.',
  },
  'check.crcs': {
    type: 'boolean',
    default: true,
    importance: 'low',
    doc: 'Whether batches are checked against their checksum.',
  },
  'auto.offset.reset': {
    type: 'string',
    default: 'latest',
    validate: validOffsetReset,
    importance: 'medium',
    doc: 'Where to begin when there is no committed offset or it is gone: earliest, latest, by_duration: and an ISO 8601 duration (by_duration:PT1H: the records of the last hour), or none to fail.',
  },
})

export interface FetchSettings {
  readonly minBytes: number
  readonly maxWaitMs: number
  readonly maxBytes: number
  readonly partitionBytes: number
  readonly maxRecords: number
  readonly readCommitted: boolean
  readonly checkSums: boolean
  readonly reset: OffsetReset
}

export function fetchSettings(props: Props): FetchSettings {
  const config = parseConfig(fetchConfig, props)
  return {
    minBytes: config['fetch.min.bytes'],
    maxWaitMs: config['fetch.max.wait.ms'],
    maxBytes: config['fetch.max.bytes'],
    partitionBytes: config['max.partition.fetch.bytes'],
    maxRecords: config['max.poll.records'],
    readCommitted: config['isolation.level'] === 'read_committed',
    checkSums: config['check.crcs'],
    reset: offsetReset(config['auto.offset.reset']) ?? 'latest',
  }
}
