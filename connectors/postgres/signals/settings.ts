import type { PostgresConfig } from '../config/definition.ts'
import type { TableName } from '../ports.ts'

/** Settings of signals. */
export interface SignalSettings {
  /** `topic.prefix` */
  readonly connectorName: string
  /** `signal.enabled.channels` */
  readonly channels: readonly string[]
  /** `signal.poll.interval.ms` */
  readonly pollIntervalMs: number
  /** `signal.data.collection` */
  readonly signalTable: TableName | undefined
  /** `read.only` */
  readonly readOnly: boolean
  /** `incremental.snapshot.chunk.size` */
  readonly chunkSize: number
  /** `incremental.snapshot.watermarking.strategy` */
  readonly watermarking: 'insert_insert' | 'insert_delete'
  /** `signal.kafka.topic` */
  readonly kafkaTopic: string
  /** `signal.file` */
  readonly file: string
}

/** Returns the settings of signals. A chunk has at least one row: with less, a snapshot would not get on. */
export function signalSettings(config: PostgresConfig, signalTable: TableName | undefined): SignalSettings {
  return {
    connectorName: config['topic.prefix'],
    channels: (config['signal.enabled.channels'] ?? []).map((channel) => channel.trim()),
    pollIntervalMs: config['signal.poll.interval.ms'],
    signalTable,
    readOnly: config['read.only'],
    chunkSize: Math.max(1, config['incremental.snapshot.chunk.size']),
    watermarking: config['incremental.snapshot.watermarking.strategy'],
    kafkaTopic: config['signal.kafka.topic'],
    file: config['signal.file'],
  }
}
