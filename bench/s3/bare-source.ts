import { gunzipSync } from 'node:zlib'
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import avro from 'avsc'
import { parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { Kafka, logLevel } from 'kafkajs'
import type { BareSourceTask } from './bare-programs.ts'

/*
 * The least that a program needs to publish the records of objects, with the client libraries as they are: lists a prefix,
 * reads each object as a whole, and sends its records to a topic in batches. No offsets, no schemas.
 */

/** Less than a megabyte of records, the most that a broker accepts at once by default. */
const BATCH = 3000

type Decoder = (bytes: Buffer) => Promise<readonly string[]> | readonly string[]

const lines: Decoder = (bytes) =>
  bytes
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.stringify(JSON.parse(line)))

const decoders: Readonly<Record<BareSourceTask['format'], Decoder>> = {
  'json': lines,
  'json.gz': (bytes) => lines(gunzipSync(bytes)),
  'avro': avroRecords,
  'parquet': async (bytes) => {
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
    const rows = await parquetReadObjects({ file, compressors })
    return rows.map((row) => JSON.stringify(row, (_, value: unknown) => plain(value)))
  },
}

const plain = (value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value)

function avroRecords(bytes: Buffer): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const decoder = new avro.streams.BlockDecoder()
    const records: string[] = []
    decoder.on('data', (record: unknown) => records.push(JSON.stringify(record)))
    decoder.on('end', () => resolve(records))
    decoder.on('error', reject)
    decoder.end(bytes)
  })
}

async function main(task: BareSourceTask): Promise<void> {
  const s3 = new S3Client(task.client)
  const kafka = new Kafka({ brokers: task.servers.split(','), logLevel: logLevel.NOTHING })
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  const { Contents: objects = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: task.bucket, Prefix: task.prefix }),
  )
  for (const { Key } of objects) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: task.bucket, Key }))
    const values = await decoders[task.format](Buffer.from((await Body?.transformToByteArray()) ?? []))
    for (let at = 0; at < values.length; at += BATCH) {
      const messages = values.slice(at, at + BATCH).map((value) => ({ value, partition: 0 }))
      await producer.send({ topic: task.topic, messages, acks: -1 })
    }
  }
  await producer.disconnect()
}

await main(JSON.parse(process.argv[2] ?? '{}') as BareSourceTask)
