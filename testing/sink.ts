import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import {
  type ConfigDef,
  isConnectError,
  type PartitionOffset,
  type SinkConnector,
  type SinkRecord,
  type SinkTask,
  type TopicPartition,
} from '../api/index.ts'
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
import { sinkTaskContext } from './context.ts'
import { assertFailsWithoutLoss } from './breakdown.ts'
import { frozen } from './frozen.ts'

/** Maximum number of `put` calls that a task may request before its records are written. */
const MOST_PUTS = 20
/** Maximum wait before a call. Configure short times in tests. */
const LONGEST_WAIT_MS = 1000

/** A sink connector under test and its test data. */
export interface SinkDriver<D extends ConfigDef> extends ConnectorDriver<D> {
  readonly connector: SinkConnector<D>
  /** Valid records for the sink, with increasing offsets in each partition. */
  readonly records: readonly SinkRecord[]
}

/**
 * Registers `node:test` tests that every sink connector must pass: it rejects invalid settings, generates task
 * configurations, handles empty batches and records without values, does not modify its arguments, never commits an
 * offset beyond the records it received, and stops in time.
 *
 * Not detected: a sink that confirms buffered records before the system breaks down, one that needs `putWithin` but does
 * not call it, and, without `connections`, a connection that stays open.
 */
export function sinkAcceptance<D extends ConfigDef>(driver: SinkDriver<D>): void {
  const { connector, records } = driver
  const { name } = connector
  const { signal } = new AbortController()
  connectorAcceptance(connector, driver, ({ props, config }) => connector.start(config, startContext(props)))
  const diagnose: Diagnose = (props, context) => connector.diagnose?.(props, context)
  if (connector.diagnose !== undefined) diagnoseAcceptance(name, driver, diagnose)
  const prepare: SinkDriver<D>['prepare'] = async (t) => frozen(await driver.prepare(t))

  test(`${name} accepts records and empty batches, and does not modify them`, async (t) => {
    await withTask(connector, await prepare(t), records, async (task) => {
      await task.put([], signal)
      await task.put(frozen(records), signal)
      await task.put([], signal)
      await commit(task, nextOffsets(records))
    })
  })

  test(`${name} accepts records without key and value or throws an error with a code`, async (t) => {
    const empty = records.map((record) => ({
      ...record,
      keySchema: null,
      key: null,
      valueSchema: null,
      value: null,
    }))
    await withTask(connector, await prepare(t), records, async (task) => {
      try {
        await task.put(frozen(empty), signal)
      } catch (error) {
        assert.ok(isConnectError(error), `threw ${String(error)}, which has no code`)
      }
    })
  })

  test(`${name} never commits an offset beyond the records it received`, async (t) => {
    await withTask(connector, await prepare(t), records, async (task) => {
      await commit(task, firstOffsets(records))
      for (const record of records) {
        await task.put([record], signal)
        await commit(task, nextOffsets(records.slice(0, records.indexOf(record) + 1)))
      }
    })
  })

  test(`${name} can reopen closed partitions`, async (t) => {
    await withTask(connector, await prepare(t), records, async (task) => {
      await task.put(records, signal)
      await commit(task, nextOffsets(records))
      await inTime('closePartitions', task.closePartitions?.(partitionsOf(records)))
      await task.open?.(partitionsOf(records))
      await task.put(records, signal)
    })
  })

  test(`${name} stops in time, even during a put`, async (t) => {
    const { task, worker } = await open(connector, await prepare(t), records)
    const stop = new AbortController()
    const writing = Promise.resolve(task.put(records, stop.signal))
    stop.abort()
    await inTime('put', writing).catch((error: unknown) =>
      assert.ok(isConnectError(error) || stop.signal.reason === error, `threw ${String(error)}`),
    )
    await closeTask(task, worker)
  })

  test(`${name} writes what it buffers within the time passed to putWithin`, async (t) => {
    await withTask(connector, await prepare(t), records, async (task, opened) => {
      await task.put(frozen(records), signal)
      if (opened.requests.putWithinMs === undefined) return t.skip('it does not call putWithin')
      const all = nextOffsets(records)
      await putInTime(opened, () => isSafe(task, all))
      assert.ok(await isSafe(task, all), 'records are not written after the last requested put')
    })
  })

  test(`${name} accepts a last commit after the stop, then the end of its partitions`, async (t) => {
    await withTask(connector, await prepare(t), records, async (task, { worker }) => {
      await task.put(frozen(records), signal)
      worker.stop()
      await inTime('the last commit', commit(task, nextOffsets(records)))
      await inTime('closePartitions', task.closePartitions?.(partitionsOf(records)))
    })
  })

  test(`${name} fails when the system that it writes to breaks down, and does not confirm what it cannot write`, async (t) => {
    const example = await prepare(t)
    if (example.breakDown === undefined) return t.skip('its example has no breakDown')
    await withTask(connector, example, records, async (task, opened) => {
      const { failures } = opened.worker
      await example.breakDown?.()
      await assertFailsWithoutLoss({
        task,
        failures,
        put: () => task.put(frozen(records), signal),
        putAgain: () => putInTime(opened, async () => failures.length > 0),
        first: firstOffsets(records),
        next: nextOffsets(records),
      })
    })
  })

  test(`${name} can be closed before the first put`, async (t) => {
    const { task, worker } = await open(connector, await prepare(t), records)
    await closeTask(task, worker)
  })
}

async function open<D extends ConfigDef>(
  connector: SinkConnector<D>,
  { props, config }: ConnectorExample<D>,
  records: readonly SinkRecord[],
) {
  const partitions = partitionsOf(records)
  const { context, worker, requests } = sinkTaskContext({
    connector: CONNECTOR,
    props,
    assignment: partitions,
  })
  const task: SinkTask = await connector.openTask(config, context)
  await task.open?.(partitions)
  return { task, worker, requests }
}

type OpenTask = Awaited<ReturnType<typeof open>>

async function withTask<D extends ConfigDef>(
  connector: SinkConnector<D>,
  example: ConnectorExample<D>,
  records: readonly SinkRecord[],
  use: (task: SinkTask, opened: OpenTask) => Promise<void>,
): Promise<void> {
  const before = await example.connections?.()
  const opened = await open(connector, example, records)
  try {
    await use(opened.task, opened)
  } finally {
    await closeTask(opened.task, opened.worker)
  }
  await assertDisconnected(example, before)
}

/** Calls `put` without records in time, as often as the task requests it, until `done`. */
async function putInTime({ task, requests }: OpenTask, done: () => Promise<boolean>): Promise<void> {
  for (let puts = 0; puts < MOST_PUTS && requests.putWithinMs !== undefined && !(await done()); puts++) {
    const ms = requests.putWithinMs
    requests.putWithinMs = undefined
    await wait(Math.min(ms, LONGEST_WAIT_MS))
    await task.put([], new AbortController().signal)
  }
}

/** Whether the task reports everything up to these offsets as written. */
async function isSafe(task: SinkTask, offsets: readonly PartitionOffset[]): Promise<boolean> {
  const safe = (await task.preCommit?.(offsets)) ?? offsets
  return offsets.every(({ topic, partition, offset }) =>
    safe.some((item) => item.topic === topic && item.partition === partition && item.offset === offset),
  )
}

/** Calls the task like the worker before a commit. Checks that the returned offsets do not exceed the given ones. */
async function commit(task: SinkTask, offsets: readonly PartitionOffset[]): Promise<void> {
  if (task.preCommit === undefined) return task.flush?.(offsets)
  for (const { topic, partition, offset } of await task.preCommit(offsets)) {
    const given = offsets.find((known) => known.topic === topic && known.partition === partition)
    assert.ok(given !== undefined, `preCommit returned ${topic}-${partition}, which is not assigned`)
    assert.ok(offset <= given.offset, `${topic}-${partition}: offset ${offset} exceeds ${given.offset}`)
  }
}

const placeOf = ({ originalTopic, originalPartition }: SinkRecord): TopicPartition => ({
  topic: originalTopic,
  partition: originalPartition,
})

/** Groups the records by partition and returns the result of `choose` for each. */
function byPartition<T>(
  records: readonly SinkRecord[],
  choose: (place: TopicPartition, offsets: readonly number[]) => T,
): T[] {
  const offsets = new Map<string, { readonly place: TopicPartition; readonly offsets: number[] }>()
  for (const record of records) {
    const place = placeOf(record)
    const key = `${place.topic}-${place.partition}`
    const known = offsets.get(key) ?? { place, offsets: [] }
    known.offsets.push(record.originalOffset)
    offsets.set(key, known)
  }
  return [...offsets.values()].map((entry) => choose(entry.place, entry.offsets))
}

const partitionsOf = (records: readonly SinkRecord[]): TopicPartition[] =>
  byPartition(records, (place) => place)
const firstOffsets = (records: readonly SinkRecord[]): PartitionOffset[] =>
  byPartition(records, (place, offsets) => ({ ...place, offset: Math.min(...offsets) }))
const nextOffsets = (records: readonly SinkRecord[]): PartitionOffset[] =>
  byPartition(records, (place, offsets) => ({ ...place, offset: Math.max(...offsets) + 1 }))
