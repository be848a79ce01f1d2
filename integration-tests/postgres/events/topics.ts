import { Kafka, logLevel, type Admin } from 'kafkajs'
import type { RawRecord } from './recording.ts'
import type { Message } from './scenario.ts'

const READ_TIMEOUT_MS = 30_000

/** The topics of one run of a scenario: those whose name contains the name of the run. */
export class RunTopics {
  readonly #run: string
  readonly #kafka: Kafka
  readonly #admin: Admin

  constructor(bootstrapServers: string, run: string) {
    this.#run = run
    this.#kafka = new Kafka({
      brokers: bootstrapServers.split(','),
      logLevel: logLevel.NOTHING,
      retry: { retries: 3 },
    })
    this.#admin = this.#kafka.admin()
  }

  connect(): Promise<void> {
    return this.#admin.connect()
  }

  /** Resolves to the number of records in all topics. */
  async total(): Promise<number> {
    const ends = await Promise.all((await this.#names()).map((topic) => this.#ends(topic).catch(() => [])))
    return ends.flat().reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0)
  }

  async write(topic: string, messages: readonly Message[]): Promise<void> {
    const producer = this.#kafka.producer()
    await producer.connect()
    await producer.send({ topic, messages: messages.map(({ key = null, value }) => ({ key, value })) })
    await producer.disconnect()
  }

  /** Resolves to all records by topic, in the order of partitions and offsets. */
  async readAll(): Promise<Map<string, readonly RawRecord[]>> {
    const records = new Map<string, RawRecord[]>()
    const ends = new Map<string, number>()
    for (const topic of await this.#names()) {
      records.set(topic, [])
      for (const { partition, low, high } of await this.#ends(topic)) {
        if (Number(high) > Number(low)) ends.set(`${topic}/${partition}`, Number(high))
      }
    }
    if (ends.size > 0) await this.#read(records, ends)
    for (const list of records.values()) {
      list.sort((one, other) => one.partition - other.partition || one.offset - other.offset)
    }
    return records
  }

  /** Deletes the topics and disconnects. */
  async close(): Promise<void> {
    const topics = await this.#names()
    if (topics.length > 0) await this.#admin.deleteTopics({ topics })
    await this.#admin.disconnect()
  }

  async #names(): Promise<string[]> {
    return (await this.#admin.listTopics()).filter((topic) => topic.includes(this.#run)).toSorted()
  }

  #ends(topic: string): ReturnType<Admin['fetchTopicOffsets']> {
    return this.#admin.fetchTopicOffsets(topic)
  }

  async #read(records: ReadonlyMap<string, RawRecord[]>, ends: ReadonlyMap<string, number>): Promise<void> {
    const groupId = `reader-of-${this.#run}`
    const consumer = this.#kafka.consumer({ groupId, maxWaitTimeInMs: 100 })
    await consumer.connect()
    const topics = [...new Set([...ends.keys()].map((place) => place.slice(0, place.lastIndexOf('/'))))]
    await consumer.subscribe({ topics, fromBeginning: true })
    const left = new Set(ends.keys())
    await new Promise<void>((resolve, reject) => {
      const late = () => reject(new Error(`not all records were read from ${[...left].join(', ')}`))
      const timer = setTimeout(late, READ_TIMEOUT_MS)
      const eachBatch: NonNullable<Parameters<typeof consumer.run>[0]>['eachBatch'] = async ({ batch }) => {
        for (const { key, value, headers = {}, offset, timestamp } of batch.messages) {
          const place = { partition: batch.partition, offset: Number(offset) }
          records.get(batch.topic)?.push({ ...place, key, value, headers, timestamp: Number(timestamp) })
        }
        const place = `${batch.topic}/${batch.partition}`
        if (Number(batch.lastOffset()) + 1 >= (ends.get(place) ?? 0)) left.delete(place)
        if (left.size > 0) return
        clearTimeout(timer)
        resolve()
      }
      consumer.run({ autoCommit: false, eachBatch }).catch(reject)
    })
    await consumer.disconnect()
    await this.#admin.deleteGroups([groupId]).catch(() => {})
  }
}
