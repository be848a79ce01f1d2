import type { SinkConnector, SinkRecord } from '../../../../api/index.ts'
import { openConsumer, type Consumer } from '../../../kafka/index.ts'
import { SinkReader, TransformChain } from '../../../pipeline/index.ts'
import {
  errantRecordReporter,
  newSinkRequests,
  runSinkTask,
  sinkContext,
  SinkOffsets,
  taskContext,
} from '../../../task/index.ts'
import { consumerProps } from './client-props.ts'
import type { HostEnvironment } from '../environment.ts'
import { letterWaits } from './dead-letters.ts'
import { createErrorHandler } from './error-setup.ts'
import type { TaskParts } from './record-plugins.ts'
import { OriginalRecords } from './original-records.ts'
import { topicSelection } from './sink-topics.ts'
import { TaskKafkaClients } from './task-kafka.ts'
import { commitSettings, type TaskSetup } from './task-setup.ts'

/** Creates the clients of a sink task, runs it, and closes them. */
export async function runSink(
  plugin: SinkConnector,
  { steps, converters, config, plan }: TaskParts,
  setup: TaskSetup,
  { worker }: HostEnvironment,
): Promise<void> {
  const { id, connectorProps, taskProps, control, lease, log, outages } = setup
  setup.built()
  const origins = new OriginalRecords(converters, letterWaits(setup))
  const handler = await createErrorHandler(plan, setup, worker, (failure) => origins.bytesOf(failure))
  const placeOf = (record: SinkRecord) => origins.placeOf(record)
  const chain = new TransformChain<SinkRecord>(steps, handler, placeOf)
  const offsets = new SinkOffsets()
  const seen = (topic: string, partition: number, offset: number) => offsets.read(topic, partition, offset)
  const reader = new SinkReader(converters, handler, seen, plan.deadLetters !== undefined)
  // As in Kafka Connect, a task has a reporter only when reports have a destination
  const reportable = plan.deadLetters !== undefined || plan.logs
  const errantRecords = reportable ? errantRecordReporter(handler, placeOf) : null
  const requests = newSinkRequests()
  const kafka = new TaskKafkaClients(worker, setup)
  let consumer: Consumer | undefined
  control.onStopNow(() => consumer?.abort())
  try {
    await runSinkTask(
      {
        ...setup,
        reader,
        chain,
        offsets,
        requests,
        handler,
        settings: commitSettings(worker),
        open: () =>
          setup.watch.during('openTask()', async () =>
            plugin.openTask(
              config,
              sinkContext(taskContext({ ...setup, kafka }), requests, () => consumer, errantRecords),
            ),
          ),
        openConsumer: async (listener) => {
          const props = consumerProps(worker, connectorProps, id)
          consumer = await openConsumer(props, topicSelection(taskProps), listener, log, outages, lease)
          return consumer
        },
      },
      control,
      setup.events,
    )
  } finally {
    await handler.close()
    await kafka.close()
  }
}
