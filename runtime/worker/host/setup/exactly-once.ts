import { ConnectError, type Props } from '../../../../api/index.ts'
import { parseConfig, sourceConfig } from '../../../../config/index.ts'
import { openTransactionalProducer, type DeliveryListener } from '../../../kafka/index.ts'
import {
  offsetRecords,
  transactionalIdOf,
  WorkerCopies,
  type OffsetStore,
  type PartitionOffsetEntry,
  type TaskId,
} from '../../../stores/index.ts'
import {
  connectorBoundary,
  intervalBoundary,
  pollBoundary,
  TransactionRequests,
  type TransactionBoundary,
  type TransactionParts,
} from '../../../task/index.ts'
import { unlessAborted } from '../../../timing/index.ts'
import type { HostEnvironment } from '../environment.ts'
import { producerProps } from './client-props.ts'
import { offsetsTopicOf, sourceOffsets, storeOfWorker, type OffsetsOwner } from './source-offsets.ts'
import { commitSettings, type TaskSetup } from './task-setup.ts'

/** The producer and the offsets of a source task that writes in transactions. */
export interface TaskTransactions {
  readonly parts: TransactionParts
  readonly offsets: OffsetStore
  /**
   * Ensures that no other task can write with the transactional id or with earlier settings of the connector, and makes
   * the offsets readable. Resolves early when the task is being stopped. Throws when the task must not start.
   */
  start(): Promise<void>
}

/** The timeout of a REST request. */
const WRITE_TIMEOUT_MS = 90_000

const boundaryConfig = {
  'transaction.boundary': sourceConfig['transaction.boundary'],
  'transaction.boundary.interval.ms': sourceConfig['transaction.boundary.interval.ms'],
}

/** The commit of the transaction fails if its offsets are not written. */
const watchedByCommit: DeliveryListener = { acknowledged: () => {}, failed: () => {} }

/**
 * Opens the transactional producer of a source task and its offset store. Throws `HR_CONFIG_INVALID`.
 *
 * Invariant 5: the task starts only after `start`, which ends the transactions of earlier tasks before it reads offsets.
 * Source: Worker.ExactlyOnceSourceTaskBuilder, ExactlyOnceWorkerSourceTask.initializeAndStart (KIP-618).
 */
export async function openTransactions(
  environment: HostEnvironment,
  setup: TaskSetup,
): Promise<TaskTransactions> {
  const { boundary, requests } = boundaryOf(environment.worker, setup.connectorProps)
  const { offsets, ...writer } = await openOffsetWriter(environment, setup)
  const { ending } = setup.control
  return {
    offsets,
    parts: { ...writer, boundary, requests },
    start: async () => {
      if (!(await admitted(environment, setup, (signal) => writer.producer.init(signal)))) return
      await offsets.start()
      await writer.producer.prepare(writer.offsetsTopic, ending)
    },
  }
}

/**
 * Writes offsets of a stopped source in one transaction, as its first task. Earlier tasks have to be fenced before.
 *
 * Source: Worker.modifySourceConnectorOffsets.
 */
export async function writeOffsets(
  environment: HostEnvironment,
  owner: OffsetsOwner,
  entries: readonly PartitionOffsetEntry[],
): Promise<void> {
  const signal = AbortSignal.timeout(WRITE_TIMEOUT_MS)
  const { producer, offsets, offsetsTopic, append, committed } = await openOffsetWriter(environment, owner)
  try {
    await producer.init(signal)
    await offsets.start()
    await producer.prepare(offsetsTopic, signal)
    producer.begin()
    await append(entries)
    await producer.commit(signal)
    await committed(entries)
  } finally {
    await producer.close(0)
    await offsets.stop()
  }
}

/** Opens a transactional producer, and the offset store whose topic it writes to. */
async function openOffsetWriter(environment: HostEnvironment, owner: OffsetsOwner) {
  const { worker } = environment
  const { id, connectorProps, log, outages } = owner
  const place = offsetsTopicOf(worker, owner)
  if (place === undefined) throw new TypeError('an exactly-once source has no offsets topic')
  const { topic, isOfWorker } = place
  const transactionalId = transactionalIdOf(worker['group.id'] ?? '', id)
  const props = transactionalProps(worker, connectorProps, id, transactionalId, (warning) =>
    log.warn(warning),
  )
  const right = { lease: environment.lease, afterwards: 'wait' } as const
  const producer = await openTransactionalProducer(props, transactionalId, log, outages, right)
  const copies = isOfWorker ? undefined : new WorkerCopies(storeOfWorker(environment), log)
  return {
    producer,
    offsets: sourceOffsets(environment, owner, { create: true, producer }),
    offsetsTopic: topic,
    append: async (entries: readonly PartitionOffsetEntry[]) => {
      await copies?.deleteFirst(id.connector, entries)
      const timestamp = Date.now()
      for (const [index, { key, value }] of offsetRecords(id.connector, entries).entries()) {
        producer.append(topic, null, { key, value, timestamp, headers: [] }, watchedByCommit, index)
      }
    },
    committed: async (entries: readonly PartitionOffsetEntry[]) => copies?.copy(id.connector, entries),
  }
}

/**
 * Fences earlier tasks, runs `init`, and verifies that the task is still wanted. Resolves to false when it is being
 * stopped.
 */
export async function admitted(
  { herder }: Pick<HostEnvironment, 'herder'>,
  { id, generation, control, watch }: Pick<TaskSetup, 'id' | 'generation' | 'control' | 'watch'>,
  init: (ending: AbortSignal) => Promise<void>,
): Promise<boolean> {
  const { ending } = control
  try {
    await watch.during('the round of fencing', () => unlessAborted(herder.fence(id.connector), ending))
  } catch (cause) {
    if (ending.aborted) return false
    throw new ConnectError('HR_CONNECT', 'Failed to perform round of zombie fencing', { cause })
  }
  try {
    await watch.during('the start of transactions', () => init(ending))
    await unlessAborted(herder.verifyTask(id, generation), ending)
  } catch (error) {
    if (ending.aborted) return false
    throw error
  }
  return true
}

/**
 * Returns the settings of the producer of a task. `warn` is called for settings of the user that do not apply.
 *
 * Source: Worker.exactlyOnceSourceTaskProducerConfigs.
 */
export function transactionalProps(
  worker: Readonly<Record<string, string>>,
  connectorProps: Props,
  id: TaskId,
  transactionalId: string,
  warn: (warning: string) => void,
): Props {
  const props = producerProps(worker, connectorProps, id)
  const forced: Props = { 'enable.idempotence': 'true', 'transactional.id': transactionalId }
  for (const [key, value] of Object.entries(forced)) {
    const found = props[key]?.trim() ?? value
    if (found === value) continue
    warn(
      `The value '${found}' for the '${key}' property will be ignored as it cannot be overridden for connectors when exactly-once source support is enabled. The value '${value}' will be used instead.`,
    )
  }
  return { ...props, ...forced }
}

/** Returns the boundary that a connector asks for, and a collector of requests if its tasks define the boundaries. */
export function boundaryOf(
  worker: Readonly<Record<string, string>>,
  connectorProps: Props,
): { readonly boundary: TransactionBoundary; readonly requests: TransactionRequests | undefined } {
  const config = parseConfig(boundaryConfig, connectorProps)
  const kind = config['transaction.boundary'].toLowerCase()
  if (kind === 'connector') return { boundary: connectorBoundary, requests: new TransactionRequests() }
  if (kind === 'poll') return { boundary: pollBoundary, requests: undefined }
  const intervalMs = config['transaction.boundary.interval.ms'] ?? commitSettings(worker).flushIntervalMs
  return { boundary: intervalBoundary(intervalMs), requests: undefined }
}
