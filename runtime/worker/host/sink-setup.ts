import { compileJavaRegex, type Props, type SinkConnector, type SinkRecord } from '../../../api/index.ts'
import { parseConfig, parseValue } from '../../../config/index.ts'
import { openConsumer, type Consumer, type TopicSelection } from '../../kafka/index.ts'
import { SinkReader, TransformChain } from '../../pipeline/index.ts'
import { ErrantRecords, newSinkRequests, runSinkTask, sinkContext, SinkOffsets } from '../../task/index.ts'
import { createChain } from './chain-setup.ts'
import { consumerProps } from './client-props.ts'
import { createConverters } from './converter-setup.ts'
import type { HostEnvironment } from './environment.ts'
import { createErrorHandler } from './error-setup.ts'
import { commitSettings, type TaskSetup } from './source-setup.ts'

/** Puts a sink task together, runs it to its end, and takes it apart. */
export async function runSink(
  plugin: SinkConnector,
  setup: TaskSetup,
  environment: HostEnvironment,
): Promise<void> {
  const { id, connectorProps, taskProps, control, metrics, log } = setup
  const { worker, registry } = environment
  const config = parseConfig(plugin.config, taskProps)
  const handler = createErrorHandler(id, connectorProps, metrics.errors, control.stop.soft, log)
  const chain = new TransformChain<SinkRecord>(createChain(registry, connectorProps), handler, placeOf)
  const offsets = new SinkOffsets()
  const seen = (topic: string, partition: number, offset: number) => offsets.read(topic, partition, offset)
  const reader = new SinkReader(createConverters(registry, worker, connectorProps), handler, seen)
  const errantRecords = new ErrantRecords(handler)
  const reportable = connectorProps['errors.log.enable'] === 'true'
  const requests = newSinkRequests()
  let consumer: Consumer | undefined
  control.stop.hard.addEventListener('abort', () => void consumer?.close(), { once: true })
  try {
    setup.built()
    await runSinkTask(
      {
        ...setup,
        reader,
        chain,
        offsets,
        requests,
        errantRecords,
        settings: commitSettings(worker),
        open: async () =>
          plugin.openTask(
            config,
            sinkContext(id, taskProps, requests, () => consumer, reportable ? errantRecords : null, log),
          ),
        openConsumer: async (listener) => {
          const props = consumerProps(worker, connectorProps, id)
          consumer = await openConsumer(props, topicSelection(taskProps), listener, log)
          return consumer
        },
      },
      control,
      setup.events,
    )
  } finally {
    chain.close()
    await handler.close()
  }
}

function topicSelection(props: Props): TopicSelection {
  const topics = parseValue('topics', 'list', props['topics'] ?? '') as readonly string[]
  const pattern = props['topics.regex'] ?? ''
  if (pattern === '') return { topics: [...new Set(topics)] }
  const regex = compileJavaRegex(pattern)
  return { topics: [], matches: (topic) => regex.matches(topic) }
}

function placeOf(record: SinkRecord) {
  return {
    topic: record.originalTopic,
    partition: record.originalPartition,
    offset: record.originalOffset,
    timestamp: record.timestamp ?? -1,
    timestampType: record.timestampType,
  }
}
