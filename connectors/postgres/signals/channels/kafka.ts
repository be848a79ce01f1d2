import { messageOf, type KafkaRecord, type Logger, type TaskKafka } from '../../../../api/index.ts'
import type { SignalRow } from '../ports.ts'
import { readSignalText } from './signal-text.ts'

/** What the channel `kafka` needs. */
export interface KafkaChannelOptions {
  readonly kafka: Pick<TaskKafka, 'readTopic'>
  readonly topic: string
  /** `topic.prefix`: the key of the signals for this connector. */
  readonly connectorName: string
  readonly log: Logger
  /** Called with each signal and its offset in the topic. */
  readonly signal: (row: SignalRow, offset: number) => void
  /** Called with the offset of the last record whenever records without a signal were read. */
  readonly passed: (offset: number) => void
  /** Waits before another attempt; rejects when aborted. */
  readonly wait: (signal: AbortSignal) => Promise<void>
}

/** Where the channel starts. */
export type KafkaStart =
  /** After this offset: the last one that was processed. */
  | { readonly after: number }
  /** Nothing is known: at the first record if the connector is new, else after the last one. */
  | { readonly isNew: boolean }

/**
 * Reads signals from partition 0 of a topic until aborted. Retries while the topic does not exist or Kafka is not
 * available. Never rejects.
 *
 * A connector that has stored offsets, but none of this topic, ignores the signals that are in the
 * topic when it starts: another connector may have processed them.
 *
 * Source: KafkaSignalChannel. Differs: the offset of the last signal is kept in the connector's offset, not in a consumer group, so
 * that signals are in step with what they have caused. The topic is in the Kafka cluster of the worker.
 */
export async function readSignalTopic(
  options: KafkaChannelOptions,
  start: KafkaStart,
  signal: AbortSignal,
): Promise<void> {
  const { kafka, topic, log, wait } = options
  let next = 'after' in start ? start.after + 1 : undefined
  let skips = 'isNew' in start && !start.isNew
  let lastFailure = ''
  while (!signal.aborted) {
    try {
      if (next === undefined) {
        next = 0
        for await (const batch of kafka.readTopic(topic, { from: 'earliest', untilEnd: true, signal }))
          next = process(options, batch, skips) ?? next
        if (skips && next > 0) log.info(`Signals in ${topic} up to offset ${next - 1} are ignored`)
        skips = false
      }
      for await (const batch of kafka.readTopic(topic, { from: new Map([[0, next]]), signal }))
        next = process(options, batch, false) ?? next
    } catch (error) {
      if (signal.aborted) return
      const failure = messageOf(error)
      if (failure !== lastFailure) log.warn(`Signals cannot be read from the topic ${topic}: ${failure}`)
      lastFailure = failure
    }
    await wait(signal).catch(() => undefined)
  }
}

/** Returns the offset after the batch; undefined if it is of another partition. */
function process(
  { connectorName, topic, log, signal, passed }: KafkaChannelOptions,
  batch: readonly KafkaRecord[],
  skips: boolean,
): number | undefined {
  const last = batch.at(-1)
  if (last === undefined || last.partition !== 0) return undefined
  if (!skips) {
    for (const { key, value, offset } of batch) {
      if (key?.toString() !== connectorName || value === null || value.length === 0) continue
      const row = readSignalText(value.toString())
      if (typeof row === 'string') log.warn(`The signal at offset ${offset} of ${topic} is ignored: ${row}`)
      else signal(row, offset)
    }
  }
  passed(last.offset)
  return last.offset + 1
}
