import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type {
  ConfigDef,
  SourceConnector,
  SourceOffset,
  SourcePartition,
  SourceRecord,
  SourceTask,
} from '../api/index.ts'
import { parseJson, printJson } from '../java/index.ts'
import {
  assertDisconnected,
  closeTask,
  CONNECTOR,
  connectorAcceptance,
  diagnoseAcceptance,
  inTime,
  startContext,
  type ConnectorDriver,
  type ConnectorExample,
  type Diagnose,
} from './connector.ts'
import { sourceTaskContext, type TestWorker } from './context.ts'
import { frozen } from './frozen.ts'

/** A source connector under test and its test data. */
export interface SourceDriver<D extends ConfigDef> extends ConnectorDriver<D> {
  readonly connector: SourceConnector<D>
  /** The number of records that `prepare` provides for one task, or the number to read if there is no end. */
  readonly records: number
}

const READ_MS = 10_000
const PAUSE_MS = 5
/** Maximum number of positions at which a task is stopped and reopened. */
const MOST_RESUMES = 10

/**
 * Registers `node:test` tests that every source connector must pass: it rejects invalid settings, generates task
 * configurations, returns records whose partitions and offsets can be stored, resumes without losing or repeating
 * records, and stops in time.
 *
 * Each test opens a single task with the settings of the connector.
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
  const diagnose: Diagnose = (props, context) =>
    connector.diagnose?.(props, {
      ...context,
      lastOffsets: async (partitions) => partitions.map(() => undefined),
    })
  if (connector.diagnose !== undefined) diagnoseAcceptance(name, driver, diagnose)
  const prepare: SourceDriver<D>['prepare'] = async (t) => frozen(await driver.prepare(t))

  test(`${name} returns records with a topic, and with a partition and an offset that can be stored`, async (t) => {
    for (const { topic, sourcePartition, sourceOffset } of await read(connector, await prepare(t), count)) {
      assert.ok(topic.length > 0)
      assert.ok(sourcePartition !== null, 'a record has no partition')
      assert.ok(sourceOffset !== null, 'a record has no offset')
      for (const stored of [sourcePartition, sourceOffset]) assertStorable(stored)
    }
  })

  test(`${name} resumes after the last stored offset, without losing or repeating records`, async (t) => {
    const example = await prepare(t)
    const all = await read(connector, example, count)
    const step = Math.max(1, Math.ceil((count - 1) / MOST_RESUMES))
    for (let stored = step; stored < count; stored += step) {
      const rest = await read(connector, example, count - stored, all.slice(0, stored))
      assertSameOrder(rest, all.slice(stored), `after ${stored} records`)
    }
  })

  test(`${name} stops in time, even while it waits for records`, async (t) => {
    const { task, worker } = await open(connector, await prepare(t), [])
    const stop = new AbortController()
    await poll(task, count, stop.signal)
    const pending = task.poll(stop.signal)
    stop.abort()
    assert.ok(Array.isArray(await inTime('poll', pending)), 'an aborted poll must resolve to a batch')
    await closeTask(task, worker)
  })

  test(`${name} wakes up when it is paused, and continues without losing or repeating records`, async (t) => {
    const example = await prepare(t)
    const { task, worker } = await open(connector, example, [])
    const pause = new AbortController()
    const pending = task.poll(pause.signal)
    pause.abort()
    const first = await inTime('poll', pending)
    const rest = await poll(task, count - first.length, new AbortController().signal)
    await closeTask(task, worker)
    assertSameOrder([...first, ...rest], await read(connector, example, count), 'after a pause')
  })

  test(`${name} accepts deliveries and commits, with and without offsets`, async (t) => {
    const { task, worker } = await open(connector, await prepare(t), [])
    const { signal } = worker.taskContext()
    for (const records of [await poll(task, count, signal), []]) {
      const delivered = records.map((record, offset) => ({
        record,
        destination: { topic: CONNECTOR, partition: 0, offset },
      }))
      await inTime('delivered', task.delivered?.(frozen(delivered)))
      await inTime('committed', task.committed?.(frozen([...lastOffsets(records).values()])))
    }
    assert.equal(typeof (task.resumable?.() ?? true), 'boolean', 'resumable must return a boolean')
    const updated = task.updateOffsets?.() ?? []
    assert.ok(Array.isArray(updated), 'updateOffsets must return an array')
    for (const stored of updated.flat()) assertStorable(stored)
    await inTime('committed', task.committed?.(frozen([...updated])))
    await closeTask(task, worker)
  })

  test(`${name} fails when the system that it reads from breaks down`, async (t) => {
    const example = await prepare(t)
    if (example.breakDown === undefined) return t.skip('its example has no breakDown')
    const { task, worker } = await open(connector, example, [])
    const { signal } = worker.taskContext()
    await poll(task, count, signal)
    const failure = Promise.race([worker.failed, errorOf(task, signal)])
    await example.breakDown()
    assert.ok((await inTime('the failure', failure)) !== undefined)
    await closeTask(task, worker)
  })

  test(`${name} can be closed before the first poll`, async (t) => {
    const { task, worker } = await open(connector, await prepare(t), [])
    await closeTask(task, worker)
  })

  test(`${name} allows its own offsets to be altered and reset`, async (t) => {
    const example = await prepare(t)
    const entries = [...lastOffsets(await read(connector, example, count)).values()]
    for (const offsets of [entries, entries.map(([partition]) => [partition, null] as const)]) {
      const complete = await connector.alterOffsets?.(example.props, offsets)
      assert.ok(complete === undefined || typeof complete === 'boolean')
    }
  })
}

function assertStorable(stored: unknown): void {
  assert.deepEqual(parseJson(printJson(stored)), stored, 'it does not survive a round trip through JSON')
}

async function open<D extends ConfigDef>(
  connector: SourceConnector<D>,
  { props, config }: ConnectorExample<D>,
  delivered: readonly SourceRecord[],
): Promise<{ task: SourceTask; worker: TestWorker }> {
  const stored = lastOffsets(delivered)
  const offsetOf = (partition: SourcePartition) => stored.get(printJson(partition))?.[1]
  const { context, worker } = sourceTaskContext({ connector: CONNECTOR, props, stored: offsetOf })
  return { task: await connector.openTask(config, context), worker }
}

/** Reads `count` records with a new task that resumes after the delivered ones. */
async function read<D extends ConfigDef>(
  connector: SourceConnector<D>,
  example: ConnectorExample<D>,
  count: number,
  delivered: readonly SourceRecord[] = [],
): Promise<SourceRecord[]> {
  const before = await example.connections?.()
  const { task, worker } = await open(connector, example, delivered)
  const stop = new AbortController()
  let records: SourceRecord[]
  try {
    records = await poll(task, count, stop.signal)
  } finally {
    stop.abort()
    await closeTask(task, worker)
  }
  await assertDisconnected(example, before)
  return records
}

/** Polls until `poll` throws or the signal is aborted. Resolves to the error. */
async function errorOf(task: SourceTask, signal: AbortSignal): Promise<unknown> {
  while (!signal.aborted) {
    try {
      const batch = await task.poll(signal)
      if (batch.length === 0) await wait(PAUSE_MS)
    } catch (error) {
      return error
    }
  }
  return undefined
}

async function poll(task: SourceTask, count: number, signal: AbortSignal): Promise<SourceRecord[]> {
  const records: SourceRecord[] = []
  const late = AbortSignal.timeout(READ_MS)
  const stop = AbortSignal.any([signal, late])
  while (records.length < count) {
    assert.ok(!late.aborted, `only ${records.length} of ${count} records arrived`)
    const batch = await task.poll(stop)
    records.push(...batch)
    if (batch.length === 0) await wait(PAUSE_MS) // like a worker
  }
  return records.slice(0, count)
}

type Stored = readonly [SourcePartition, SourceOffset]

/** Returns the offsets as stored in the offset topic: after a round trip through JSON, by the JSON of the partition. */
function lastOffsets(records: readonly SourceRecord[]): Map<string, Stored> {
  const last = new Map<string, Stored>()
  for (const { sourcePartition, sourceOffset } of records) {
    if (sourcePartition === null || sourceOffset === null) continue
    const stored = [parseJson(printJson(sourcePartition)), parseJson(printJson(sourceOffset))]
    last.set(printJson(sourcePartition), stored as unknown as Stored) // a round trip preserves the type
  }
  return last
}

/** Compares the order within each partition. Partitions may be interleaved in any order. */
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
