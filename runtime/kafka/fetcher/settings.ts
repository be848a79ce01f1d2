import type { Props } from '../../../api/index.ts'
import { parseConfig } from '../../../config/index.ts'
import { fetchConfig } from '../settings/table/index.ts'
import { offsetReset, type OffsetReset } from './offset-reset.ts'

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

/**
 * Reads the settings of fetching. Throws `HR_CONFIG_INVALID`.
 *
 * Differs: max.poll.records is 5000 by default, in Kafka 500.
 */
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
