import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { ConfigDef } from '../config/index.ts'
import type { SourceConnector } from '../connector.ts'
import { parseJson, printJson } from '../json/index.ts'
import type { SourceOffset, SourcePartition, SourceRecord } from '../record.ts'
import type { SourceTask, SourceTaskContext } from '../source-task.ts'
import {
  CONNECTOR,
  connectorAcceptance,
  inTime,
  silent,
  startContext,
  type ConnectorDriver,
  type ConnectorExample,
} from './connector.ts'
import { frozen } from './frozen.ts'

/** A source connector to be tested, and what with. */
export interface SourceDriver<D extends ConfigDef> extends ConnectorDriver<D> {
  readonly connector: SourceConnector<D>
  /** How many records there are in each world that `prepare` makes, for one task; or how many to read, where they never end. */
  readonly records: number
}

const READ_MS = 10_000
const PAUSE_MS = 5
/** Places at which a task is stopped and opened anew. */
const MOST_RESUMES = 10

/**
 * Registers tests that every source connector has to pass with `node:test`: it refuses settings that cannot be,
 * divides its work, gives records whose partitions and offsets can be stored, goes on where it stopped without
 * losing or repeating anything, and ends when it is told to.
 *
 * A test opens one task, with the connector's own settings.
 */
export function sourceAcceptance<D extends ConfigDef>(driver: SourceDriver<D>): void {
  const { connector, records: count } = driver
  const { name } = connector
  connectorAcceptance(connector, driver, ({ props, config }) =>
    connector.start(config, {
      ...startContext(props),
      lastOffsets: async (partitions) => partitions.map(() => undefined),
    }),
  )
  const prepare: SourceDriver<D>['prepare'] = async (t) => frozen(await driver.prepare(t))

  test(`${name} gives records with a topic, and with a partition and an offset that can be stored`, async (t) => {
    for (const { topic, sourcePartition, sourceOffset } of await read(connector, await prepare(t), count)) {
      assert.ok(topic.length > 0)
      assert.ok(sourcePartition !== null, 'a record has no partition')
      assert.ok(sourceOffset !== null, 'a record has no offset')
      for (const stored of [sourcePartition, sourceOffset]) {
        assert.deepEqual(parseJson(printJson(stored)), stored, 'it is another one after its way through JSON')
      }
    }
  })

  test(`${name} goes on behind the last offset that was stored, and neither loses nor repeats a record`, async (t) => {
    const example = await prepare(t)
    const all = await read(connector, example, count)
    const step = Math.max(1, Math.ceil((count - 1) / MOST_RESUMES))
    for (let stored = step; stored < count; stored += step) {
      const rest = await read(connector, example, count - stored, all.slice(0, stored))
      assertSameOrder(rest, all.slice(stored), `after ${stored} records`)
    }
  })

  test(`${name} ends in time, also while it waits for records`, async (t) => {
    const task = await open(connector, await prepare(t), [])
    const stop = new AbortController()
    await poll(task, count, stop.signal)
    const pending = task.poll(stop.signal)
    stop.abort()
    assert.ok(Array.isArray(await inTime('poll', pending)), 'poll answers a batch, also when it is stopped')
    await inTime('close', task.close?.())
  })

  test(`${name} can be closed before it is asked for anything`, async (t) => {
    const task = await open(connector, await prepare(t), [])
    await inTime('close', task.close?.())
  })

  test(`${name} takes its own offsets from a user, and lets them be taken away`, async (t) => {
    const example = await prepare(t)
    const entries = [...lastOffsets(await read(connector, example, count)).values()]
    for (const offsets of [entries, entries.map(([partition]) => [partition, null] as const)]) {
      const complete = await connector.alterOffsets?.(example.props, offsets)
      assert.ok(complete === undefined || typeof complete === 'boolean')
    }
  })
}

async function open<D extends ConfigDef>(
  connector: SourceConnector<D>,
  { props, config }: ConnectorExample<D>,
  delivered: readonly SourceRecord[],
): Promise<SourceTask> {
  const stored = lastOffsets(delivered)
  const offsetOf = (partition: SourcePartition) => stored.get(printJson(partition))?.[1]
  const context: SourceTaskContext = {
    connector: CONNECTOR,
    task: 0,
    props,
    log: silent,
    lastOffset: async (partition) => offsetOf(partition),
    lastOffsets: async (partitions) => partitions.map(offsetOf),
  }
  return connector.openTask(config, context)
}

/** Reads that many records with a new task, which goes on behind those that were delivered. */
async function read<D extends ConfigDef>(
  connector: SourceConnector<D>,
  example: ConnectorExample<D>,
  count: number,
  delivered: readonly SourceRecord[] = [],
): Promise<SourceRecord[]> {
  const task = await open(connector, example, delivered)
  const stop = new AbortController()
  try {
    return await poll(task, count, stop.signal)
  } finally {
    stop.abort()
    await inTime('close', task.close?.())
  }
}

async function poll(task: SourceTask, count: number, signal: AbortSignal): Promise<SourceRecord[]> {
  const records: SourceRecord[] = []
  const late = AbortSignal.timeout(READ_MS)
  const stop = AbortSignal.any([signal, late])
  while (records.length < count) {
    assert.ok(!late.aborted, `${records.length} records came of ${count}`)
    const batch = await task.poll(stop)
    records.push(...batch)
    if (batch.length === 0) await wait(PAUSE_MS) // as a worker does
  }
  return records.slice(0, count)
}

type StoredOffset = readonly [SourcePartition, SourceOffset]

/** As the offset topic has them: what went through JSON, by the text of its partition. */
function lastOffsets(records: readonly SourceRecord[]): Map<string, StoredOffset> {
  const last = new Map<string, StoredOffset>()
  for (const { sourcePartition, sourceOffset } of records) {
    if (sourcePartition === null || sourceOffset === null) continue
    const stored = [parseJson(printJson(sourcePartition)), parseJson(printJson(sourceOffset))]
    last.set(printJson(sourcePartition), stored as unknown as StoredOffset) // what was printed is what is read
  }
  return last
}

/** Partitions may take turns as they like; within each the order is fixed. */
function assertSameOrder(
  actual: readonly SourceRecord[],
  expected: readonly SourceRecord[],
  when: string,
): void {
  const partitions = new Set(
    [...actual, ...expected].map(({ sourcePartition }) => printJson(sourcePartition)),
  )
  for (const partition of partitions) {
    const [came, due] = [actual, expected].map((records) =>
      records
        .filter(({ sourcePartition }) => printJson(sourcePartition) === partition)
        .map(({ topic, key, value, sourceOffset }) => ({ topic, key, value, sourceOffset })),
    )
    const shorter = Math.min(came?.length ?? 0, due?.length ?? 0)
    assert.deepEqual(came?.slice(0, shorter), due?.slice(0, shorter), `${when}, partition ${partition}`)
  }
}
