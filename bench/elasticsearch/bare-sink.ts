import { Client } from '@elastic/elasticsearch'
import { Kafka, logLevel, type Consumer, type KafkaMessage } from 'kafkajs'
import type { BareTask } from './bare-task.ts'

/*
 * The least that a program needs to write a topic to Elasticsearch, with the client libraries as they are: reads the topic
 * from its start, parses each record, and passes it to the bulk helper, which has five requests in flight as the connector
 * has. No schemas, no offsets, no order of the operations on a document.
 */

const FETCH_BYTES = 4 * 1024 * 1024
const FLUSH_BYTES = 5 * 1024 * 1024
const CONCURRENCY = 5
/** Batches of the consumer that wait for the bulk helper, so that it does not wait for the broker. */
const BATCHES_AHEAD = 2

type Action = Extract<ReturnType<Parameters<Client['helpers']['bulk']>[0]['onDocument']>, unknown>

const actions: Readonly<Record<BareTask['operation'], (task: BareTask, message: KafkaMessage) => Action>> = {
  'index by place': ({ index, topic }, { offset }) => ({
    index: { _index: index, _id: `${topic}+0+${offset}` },
  }),
  'index by key': ({ index }, { key, offset }) => ({
    index: { _index: index, _id: String(key), version: Number(offset), version_type: 'external' },
  }),
  'update by key': ({ index }, { key }) => [
    { update: { _index: index, _id: String(key), retry_on_conflict: 5 } },
    { doc_as_upsert: true },
  ],
}

type Batches = TransformStream<KafkaMessage[], KafkaMessage[]>

/** Reads the topic until `records` records are written to the stream. */
async function readTopic(consumer: Consumer, { topic, records }: BareTask, batches: Batches): Promise<void> {
  const writer = batches.writable.getWriter()
  let left = records
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      await writer.ready
      const write = writer.write(batch.messages)
      left -= batch.messages.length
      if (left <= 0) await write.then(() => writer.close())
    },
  })
}

/** Requests overtake each other, so that a document can have a later version already. */
function refuse(error: { readonly type?: string } | null): void {
  if (error?.type !== 'version_conflict_engine_exception') throw new Error(JSON.stringify(error))
}

async function main(task: BareTask): Promise<void> {
  const kafka = new Kafka({ brokers: task.servers.split(','), logLevel: logLevel.NOTHING })
  const consumer = kafka.consumer({ groupId: task.group, maxBytesPerPartition: FETCH_BYTES })
  const client = new Client({ node: task.node, ...(task.auth === null ? {} : { auth: task.auth }) })
  const batches: Batches = new TransformStream(
    undefined,
    { highWaterMark: BATCHES_AHEAD },
    { highWaterMark: 0 },
  )
  // the helper asks for the action of a document as soon as it has the document
  let action: Action
  async function* documents(): AsyncGenerator<object> {
    for await (const messages of batches.readable) {
      for (const message of messages) {
        action = actions[task.operation](task, message)
        yield JSON.parse(String(message.value)) as object
      }
    }
  }
  const written = client.helpers.bulk({
    datasource: documents(),
    onDocument: () => action,
    onDrop: ({ error }) => refuse(error),
    flushBytes: FLUSH_BYTES,
    concurrency: CONCURRENCY,
    filter_path: ['errors', 'items.*.status', 'items.*.error'],
  })
  await readTopic(consumer, task, batches)
  await written
  await consumer.disconnect()
  await client.close()
}

await main(JSON.parse(process.argv[2] ?? '{}') as BareTask)
