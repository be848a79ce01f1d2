import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConfigDef } from '../config/index.ts'
import type { SinkConnector } from '../connector.ts'
import { isConnectError } from '../errors.ts'
import type { SinkRecord, TopicPartition } from '../record.ts'
import type { PartitionOffset, SinkTask, SinkTaskContext } from '../sink-task.ts'
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

/** A sink connector to be tested, and what with. */
export interface SinkDriver<D extends ConfigDef> extends ConnectorDriver<D> {
  readonly connector: SinkConnector<D>
  /** Records that the sink is made for, with growing offsets in each partition. */
  readonly records: readonly SinkRecord[]
}

/**
 * Registers tests that every sink connector has to pass with `node:test`: it refuses settings that cannot be, divides
 * its work, takes batches without records and records without values, leaves what it is given alone, says of no
 * record that it is written before it was put, and ends when it is told to.
 */
export function sinkAcceptance<D extends ConfigDef>(driver: SinkDriver<D>): void {
  const { connector, records } = driver
  const { name } = connector
  const { signal } = new AbortController()
  connectorAcceptance(connector, driver, ({ props, config }) => connector.start(config, startContext(props)))
  const prepare: SinkDriver<D>['prepare'] = async (t) => frozen(await driver.prepare(t))

  test(`${name} takes records, and batches without any, and leaves them as they are`, async (t) => {
    await withTask(connector, await prepare(t), records, async (task) => {
      await task.put([], signal)
      await task.put(frozen(records), signal)
      await task.put([], signal)
      await commit(task, nextOffsets(records))
    })
  })

  test(`${name} takes records without key and value, or refuses them with an error that has a code`, async (t) => {
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

  test(`${name} lets no offset be committed beyond what was put`, async (t) => {
    await withTask(connector, await prepare(t), records, async (task) => {
      await commit(task, firstOffsets(records))
      for (const record of records) {
        await task.put([record], signal)
        await commit(task, nextOffsets(records.slice(0, records.indexOf(record) + 1)))
      }
    })
  })

  test(`${name} takes up partitions again that it has given up`, async (t) => {
    await withTask(connector, await prepare(t), records, async (task) => {
      await task.put(records, signal)
      await commit(task, nextOffsets(records))
      await inTime('closePartitions', task.closePartitions?.(partitionsOf(records)))
      await task.open?.(partitionsOf(records))
      await task.put(records, signal)
    })
  })

  test(`${name} ends in time, also while it writes`, async (t) => {
    const task = await open(connector, await prepare(t), records)
    const stop = new AbortController()
    const writing = Promise.resolve(task.put(records, stop.signal))
    stop.abort()
    await inTime('put', writing).catch((error: unknown) =>
      assert.ok(isConnectError(error) || stop.signal.reason === error, `threw ${String(error)}`),
    )
    await inTime('close', task.close?.())
  })

  test(`${name} can be closed before anything is put`, async (t) => {
    const task = await open(connector, await prepare(t), records)
    await inTime('close', task.close?.())
  })
}

const ignore = (): void => {}

async function open<D extends ConfigDef>(
  connector: SinkConnector<D>,
  { props, config }: ConnectorExample<D>,
  records: readonly SinkRecord[],
): Promise<SinkTask> {
  const partitions = partitionsOf(records)
  const context: SinkTaskContext = {
    connector: CONNECTOR,
    task: 0,
    props,
    log: silent,
    assignment: () => partitions,
    seek: ignore,
    retryAfter: ignore,
    pause: ignore,
    resume: ignore,
    requestCommit: ignore,
    errantRecords: null,
  }
  const task = await connector.openTask(config, context)
  await task.open?.(partitions)
  return task
}

async function withTask<D extends ConfigDef>(
  connector: SinkConnector<D>,
  example: ConnectorExample<D>,
  records: readonly SinkRecord[],
  use: (task: SinkTask) => Promise<void>,
): Promise<void> {
  const task = await open(connector, example, records)
  try {
    await use(task)
  } finally {
    await inTime('close', task.close?.())
  }
}

/** As the worker does before it commits: what the task answers lies within what it was given. */
async function commit(task: SinkTask, offsets: readonly PartitionOffset[]): Promise<void> {
  if (task.preCommit === undefined) return task.flush?.(offsets)
  for (const { topic, partition, offset } of await task.preCommit(offsets)) {
    const given = offsets.find((known) => known.topic === topic && known.partition === partition)
    assert.ok(given !== undefined, `${topic}-${partition} was not asked for`)
    assert.ok(offset <= given.offset, `${topic}-${partition} was put up to ${given.offset}, not ${offset}`)
  }
}

const placeOf = ({ originalTopic, originalPartition }: SinkRecord): TopicPartition => ({
  topic: originalTopic,
  partition: originalPartition,
})

/** Each partition once, with what `choose` makes of its records. */
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
