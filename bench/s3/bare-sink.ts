import { gzipSync } from 'node:zlib'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import avro from 'avsc'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { Kafka, logLevel, type EachBatchPayload } from 'kafkajs'
import type { BareSinkTask } from './bare-programs.ts'

/*
 * The least that a program needs to write a topic to S3, with the client libraries as they are: reads the topic from its
 * start, writes an object for every `flushSize` records, and ends after the last one. No schemas, no retries, no offsets.
 */

const FETCH_BYTES = 4 * 1024 * 1024

type Order = Readonly<Record<string, unknown>>

const encoders: Readonly<
  Record<BareSinkTask['format'], (values: readonly Buffer[]) => Promise<Buffer> | Buffer>
> = {
  'bytes': (values) => Buffer.concat(values.flatMap((value) => [value, NEWLINE])),
  'json': (values) => jsonLines(values),
  'json.gz': (values) => gzipSync(jsonLines(values)),
  'avro': (values) => avroFile(values.map(payload)),
  'parquet': (values) => parquetFile(values.map(payload)),
}

const NEWLINE = Buffer.from('\n')

const jsonLines = (values: readonly Buffer[]): Buffer =>
  Buffer.from(values.map((value) => `${JSON.stringify(JSON.parse(value.toString()))}\n`).join(''))

const payload = (value: Buffer): Order => (JSON.parse(value.toString()) as { payload: Order }).payload

const orderType = avro.Type.forSchema({
  type: 'record',
  name: 'orders',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'customer', type: 'string' },
    { name: 'email', type: 'string' },
    { name: 'street', type: 'string' },
    { name: 'city', type: 'string' },
    { name: 'quantity', type: 'int' },
    { name: 'price', type: 'double' },
    { name: 'paid', type: 'boolean' },
    { name: 'placed_at', type: 'long' },
    { name: 'note', type: ['null', 'string'], default: null },
  ],
})

function avroFile(orders: readonly Order[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const encoder = new avro.streams.BlockEncoder(orderType, { codec: 'null' })
    const chunks: Buffer[] = []
    encoder.on('data', (chunk: Buffer) => chunks.push(chunk))
    encoder.on('end', () => resolve(Buffer.concat(chunks)))
    encoder.on('error', reject)
    for (const order of orders) encoder.write(order)
    encoder.end()
  })
}

function parquetFile(orders: readonly Order[]): Buffer {
  const column = (name: string, type: 'INT64' | 'STRING' | 'INT32' | 'DOUBLE' | 'BOOLEAN') => ({
    name,
    type,
    data: orders.map((order) => (type === 'INT64' ? BigInt(order[name] as number) : order[name])),
    nullable: name === 'note',
  })
  return Buffer.from(
    parquetWriteBuffer({
      columnData: [
        column('id', 'INT64'),
        column('customer', 'STRING'),
        column('email', 'STRING'),
        column('street', 'STRING'),
        column('city', 'STRING'),
        column('quantity', 'INT32'),
        column('price', 'DOUBLE'),
        column('paid', 'BOOLEAN'),
        column('placed_at', 'INT64'),
        column('note', 'STRING'),
      ],
    }),
  )
}

/** Collects the records of a topic, and stores an object for every `flushSize` of them while it reads on. */
class Objects {
  readonly #task: BareSinkTask
  readonly #s3: S3Client
  #waiting: Buffer[] = []
  #first = 0
  #upload: Promise<unknown> = Promise.resolve()

  constructor(task: BareSinkTask) {
    this.#task = task
    this.#s3 = new S3Client(task.client)
  }

  /** Number of records so far. */
  get records(): number {
    return this.#first + this.#waiting.length
  }

  /** Returns whether an object is complete. */
  add(value: Buffer): boolean {
    this.#waiting.push(value)
    return this.#waiting.length === this.#task.flushSize
  }

  async end(): Promise<void> {
    if (this.#waiting.length > 0) await this.flush()
    await this.#upload
  }

  async flush(): Promise<void> {
    const { bucket, prefix, topic, format } = this.#task
    const values = this.#waiting
    const key = `${prefix}/${topic}+0+${String(this.#first).padStart(10, '0')}.${format}`
    this.#waiting = []
    this.#first += values.length
    const body = await encoders[format](values)
    await this.#upload
    this.#upload = this.#s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }))
  }
}

async function main(task: BareSinkTask): Promise<void> {
  const objects = new Objects(task)
  const kafka = new Kafka({ brokers: task.servers.split(','), logLevel: logLevel.NOTHING })
  const consumer = kafka.consumer({ groupId: task.group, maxBytesPerPartition: FETCH_BYTES })
  await consumer.connect()
  await consumer.subscribe({ topic: task.topic, fromBeginning: true })
  await new Promise<void>((resolve, reject) => {
    const eachBatch = async ({ batch }: EachBatchPayload): Promise<void> => {
      for (const { value } of batch.messages) {
        if (value !== null && objects.add(value)) await objects.flush()
      }
      if (objects.records >= task.records) resolve()
    }
    consumer.run({ autoCommit: false, eachBatch }).catch(reject)
  })
  await objects.end()
  await consumer.disconnect()
}

await main(JSON.parse(process.argv[2] ?? '{}') as BareSinkTask)
