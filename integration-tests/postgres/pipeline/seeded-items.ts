import assert from 'node:assert/strict'
import { waitFor } from '../../services/index.ts'
import type { TailRecord, TopicTail } from '../../topics/topic-tail.ts'
import type { Capture, StoredOffset } from './capture.ts'
import { arrivalOf, type Arrival } from './history.ts'
import { ITEMS, type Writers } from './writers.ts'

const ROWS = 30_000
const TIMEOUT_MS = 120_000
const LAST = 'the last one'

/** The table of the writers, with enough rows for a snapshot to be interrupted. */
export const seededItems = `${ITEMS}; INSERT INTO items (id, note) SELECT i, repeat('n', 100) FROM generate_series(1, ${ROWS}) i`

/** Adds the rows that exist before the writers start to their history. */
export function addSeed(history: ReadonlyMap<number, unknown>): void {
  for (let id = 1; id <= ROWS; id++) (history as Map<number, unknown>).set(id, [{ op: 'c', version: 1 }])
}

/** Waits for a change that was streamed, at an offset in Kafka or later, so that the snapshot is complete. */
export async function untilStreamed(tail: TopicTail, from = 0): Promise<void> {
  const isStreamed = ({ value, offset }: TailRecord) =>
    offset >= from && value !== null && !value.includes('"op":"r"')
  await tail.until(isStreamed, 'a streamed change', TIMEOUT_MS)
}

export async function untilMore(tail: TopicTail, records: number): Promise<void> {
  const before = tail.records.length
  const more = async () => {
    await tail.read()
    return tail.records.length >= before + records ? true : undefined
  }
  await waitFor(more, {
    timeoutMs: TIMEOUT_MS,
    what: () => `${records} more records; there are ${tail.records.length - before}`,
  })
}

/** Checks that the slot keeps everything after the stored offset, to which it resolves. */
export async function checkSlot(capture: Capture): Promise<StoredOffset | undefined> {
  const confirmed = await capture.confirmedLsn()
  const stored = await capture.storedOffset()
  if (stored?.lsn_commit !== undefined) {
    assert.ok(
      confirmed !== null && confirmed <= BigInt(stored.lsn_commit),
      `the slot is confirmed up to ${confirmed}, the stored offset is ${JSON.stringify(stored)}`,
    )
  }
  return stored
}

/** Stops the writers, and waits for a change after theirs. Checks that nothing is missing. */
export async function checkArrival(
  tail: TopicTail,
  capture: Capture,
  writers: Writers,
  beforeSnapshot: ReadonlyMap<number, number>,
): Promise<Omit<Arrival, 'faults'> & { readonly transactions: number }> {
  await writers.stop()
  await capture.database.query(`INSERT INTO items (id, note) VALUES (-1, '${LAST}')`)
  await tail.until(({ value }) => value?.includes(LAST) ?? false, 'the last change', TIMEOUT_MS)
  const rest = tail.records.filter(({ key }) => key !== '{"id":-1}')
  const { faults, ...counts } = arrivalOf(rest, writers.history, beforeSnapshot)
  assert.deepEqual(faults, [])
  return { ...counts, transactions: writers.transactions }
}
