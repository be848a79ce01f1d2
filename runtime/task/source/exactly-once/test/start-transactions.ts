import type { TestContext } from 'node:test'
import { sourceRecord, type SourceRecord, type SourceTask } from '../../../../../api/index.ts'
import { gate, type Gate } from '../../../../timing/test/gate.ts'
import { startSource } from '../../test/start-source.ts'
import type { TransactionBoundary } from '../transaction-boundary.ts'
import { TransactionRequests } from '../transaction-requests.ts'
import { FakeTransactionalProducer } from './fake-transactional-producer.ts'

/** Due after each batch. */
export const afterEachBatch: TransactionBoundary = { endsWithTask: true, dueAt: () => 0 }
/** Never due, but committed at the end. */
export const atTheEnd: TransactionBoundary = { endsWithTask: true, dueAt: () => Infinity }
/** Only at the request of the task. */
export const onRequest: TransactionBoundary = { endsWithTask: false, dueAt: () => Infinity }

export const record = (value: string, position: number): SourceRecord =>
  sourceRecord({ topic: 'out', value, sourcePartition: { file: 'f' }, sourceOffset: { position } })

type StartInit = Parameters<typeof startSource>[1]

/** An exactly-once source task on a producer in memory. Each poll waits until the test passes records to it. */
export function startTransactions(
  t: TestContext,
  boundary: TransactionBoundary,
  { task = {}, ...init }: StartInit & { readonly task?: Partial<SourceTask> } = {},
) {
  const producer = new FakeTransactionalProducer()
  const requests = new TransactionRequests()
  const copied: unknown[] = []
  const polls: Gate<readonly SourceRecord[]>[] = []
  let taken = 0
  const nextPoll = (index: number) => (polls[index] ??= gate<readonly SourceRecord[]>())
  const source = startSource(t, {
    ...init,
    producer,
    transactions: {
      producer,
      boundary,
      requests: boundary.endsWithTask ? undefined : requests,
      offsetsTopic: 'offsets',
      append: async (offsets) => {
        const ignored = { acknowledged: () => {}, failed: () => {} }
        for (const [, offset] of offsets) {
          const value = String(offset?.['position'])
          producer.append('offsets', null, { key: null, value, timestamp: 0, headers: [] }, ignored, 0)
        }
      },
      committed: async (offsets) => void copied.push(...offsets.map(([, offset]) => offset?.['position'])),
    },
    task: {
      poll: (signal) => {
        const { opened, open } = nextPoll(taken++)
        signal.addEventListener('abort', () => open([]), { once: true })
        return opened
      },
      ...task,
    },
  })
  let given = 0
  /** Ends the current or next poll with these records. */
  const give = (...records: readonly SourceRecord[]) => nextPoll(given++).open(records)
  /** Number of polls that have begun. What a poll has returned before is then sent. */
  const polled = () => taken
  return { ...source, producer, requests, copied, give, polled }
}
