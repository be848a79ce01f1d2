import type { DeliveryListener, Producer } from '../../kafka/index.ts'
import type { LogPosition } from './log-reader.ts'

export interface LogEntry {
  readonly key: string
  readonly value: string | null
}

/**
 * Appends entries to a prepared topic, in order. Resolves once all are stored, to the offset after the last one in each
 * partition, which is `Infinity` when unknown.
 */
export function appendEntries(
  producer: Pick<Producer, 'append'>,
  topic: string,
  entries: readonly LogEntry[],
): Promise<LogPosition> {
  return new Promise((resolve, reject) => {
    let open = entries.length
    const ends = new Map<number, number>()
    const listener: DeliveryListener = {
      acknowledged: (_first, count, _topic, partition, baseOffset) => {
        ends.set(
          partition,
          baseOffset < 0 ? Infinity : Math.max(ends.get(partition) ?? 0, baseOffset + count),
        )
        open -= count
        if (open === 0) resolve(ends)
      },
      failed: (_first, _count, error) => reject(error),
    }
    if (open === 0) resolve(ends)
    const timestamp = Date.now()
    for (const [index, { key, value }] of entries.entries()) {
      producer.append(topic, null, { key, value, timestamp, headers: [] }, listener, index)
    }
  })
}
