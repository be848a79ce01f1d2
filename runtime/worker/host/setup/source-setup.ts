import type { SourceConnector, SourceRecord } from '../../../../api/index.ts'
import { exactlyOnceMode } from '../../../../config/index.ts'
import {
  openClient,
  openProducer,
  TopicAdmin,
  type KafkaClient,
  type Producer,
} from '../../../kafka/index.ts'
import { Serializer, TransformChain } from '../../../pipeline/index.ts'
import { taskName, type OffsetStore } from '../../../stores/index.ts'
import { runSourceTask, taskContext, TopicPreparer, type TransactionParts } from '../../../task/index.ts'
import { producerProps, taskAdminProps } from './client-props.ts'
import type { ErrorHandler } from '../../../errors/index.ts'
import type { HostEnvironment } from '../environment.ts'
import { letterWaits } from './dead-letters.ts'
import { createErrorHandler } from './error-setup.ts'
import type { TaskParts } from './record-plugins.ts'
import { openTransactions } from './exactly-once.ts'
import { refuseExactlyOnce } from '../../../validation/index.ts'
import { deadLetterBytes } from './source-dead-letters.ts'
import { sourceOffsets } from './source-offsets.ts'
import { TaskKafkaClients } from './task-kafka.ts'
import { commitSettings, type TaskSetup } from './task-setup.ts'
import { permittedTopicGroups } from './topic-groups.ts'

const FINAL_FLUSH_MS = 30_000

/** Creates the clients of a source task, runs it, and closes them. */
export async function runSource(
  plugin: SourceConnector,
  { steps, converters, config, plan }: TaskParts,
  setup: TaskSetup,
  environment: HostEnvironment,
): Promise<void> {
  const { id, connectorProps, control, log, outages } = setup
  const { worker } = environment
  const groups = permittedTopicGroups(worker, connectorProps)
  const bytesOf = deadLetterBytes(converters, letterWaits(setup))
  setup.built()
  // Reports invalid producer settings before the dead letter queue opens connections
  const { producer, offsets, start, transactions } = await openDelivery(environment, setup)
  const admin = lazyAdmin(() => openClient(taskAdminProps(worker, connectorProps, id), log, outages))
  const kafka = new TaskKafkaClients(worker, setup)
  const closeClients = () => void Promise.all([producer.close(0), offsets.stop()])
  control.stop.hard.addEventListener('abort', closeClients, { once: true })
  let handler: ErrorHandler | undefined
  try {
    handler = await createErrorHandler(plan, setup, worker, bytesOf)
    await runSourceTask(
      {
        ...setup,
        chain: new TransformChain<SourceRecord>(steps, handler),
        serializer: new Serializer(converters),
        producer,
        handler,
        topics: new TopicPreparer(groups, admin.get, producer, log),
        className: plugin.name,
        name: taskName(id),
        settings: commitSettings(worker),
        finalFlushMs: FINAL_FLUSH_MS,
        ...(transactions === undefined ? {} : { transactions }),
        startOffsets: start,
        store: (entries) => offsets.set(id.connector, entries),
        open: () =>
          setup.watch.during('openTask()', async () =>
            plugin.openTask(config, {
              ...taskContext({ ...setup, kafka }),
              exactlyOnce: transactions !== undefined,
              transaction: transactions?.requests ?? null,
              valueJson: steps.length === 0 ? converters.value.converter.json : undefined,
              lastOffset: async (partition) => (await offsets.get(id.connector, [partition]))[0],
              lastOffsets: (partitions) => offsets.get(id.connector, partitions),
            }),
          ),
      },
      control,
      setup.events,
    )
  } finally {
    await handler?.close()
    await kafka.close()
    await producer.close(0) // records in flight had their time already
    await offsets.stop()
    await admin.close()
  }
}

interface SourceDelivery {
  readonly producer: Producer
  readonly offsets: OffsetStore
  readonly transactions?: TransactionParts
  /** Called before the task is opened. */
  start(): Promise<void>
}

async function openDelivery(environment: HostEnvironment, setup: TaskSetup): Promise<SourceDelivery> {
  const { worker } = environment
  const { id, connectorProps, lease, log, outages } = setup
  if (exactlyOnceMode(worker) === 'enabled') {
    const { parts, offsets, start } = await openTransactions(environment, setup)
    return { producer: parts.producer, offsets, transactions: parts, start }
  }
  // The connector may run on another worker, which supports it
  refuseExactlyOnce(connectorProps, worker)
  const offsets = sourceOffsets(environment, setup, { create: true })
  const right = { lease, afterwards: 'wait' } as const
  const producer = await openProducer(producerProps(worker, connectorProps, id), log, outages, right)
  return { producer, offsets, start: () => offsets.start() }
}

/** Returns an admin client that is opened when the first topic must be created. */
function lazyAdmin(open: () => Promise<KafkaClient>) {
  let client: KafkaClient | undefined
  return {
    get: async () => new TopicAdmin((client ??= await open())),
    close: async () => client?.close(),
  }
}
