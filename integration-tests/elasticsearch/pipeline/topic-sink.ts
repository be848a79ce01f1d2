import {
  createTopics,
  searchDocuments,
  searchRequest,
  waitFor,
  writeTopic,
  type HeadraceWorker,
  type SearchAddress,
  type SearchDocument,
  type TopicRecord,
} from '../../services/index.ts'
import { connectionProps } from './document-sink.ts'

const TIMEOUT_MS = 60_000

/** Sinks that write a few records to a server. */
export interface TopicSinks {
  /** Starts a sink with the name of its topic, which is created. */
  start(topic: string, props?: Readonly<Record<string, string>>): Promise<void>
  write(topic: string, records: readonly TopicRecord[]): Promise<void>
  /** Waits until an index, a data stream or an alias has certain documents. */
  untilStored(
    target: string,
    isComplete: (documents: ReadonlyMap<string, SearchDocument>) => boolean,
  ): Promise<ReadonlyMap<string, SearchDocument>>
}

export function topicSinks(kafka: string, address: SearchAddress, worker: HeadraceWorker): TopicSinks {
  return {
    async start(topic, props = {}) {
      await createTopics(kafka, [topic], 1)
      await worker.rest.put(topic, {
        ...connectionProps(address),
        'tasks.max': '1',
        'topics': topic,
        ...props,
      })
    },
    write: (topic, records) => writeTopic(kafka, topic, records),
    untilStored(target, isComplete) {
      let last = 'no index'
      const complete = async () => {
        if ((await searchRequest(address, 'HEAD', `/${target}`)).status === 404) return undefined
        const documents = await searchDocuments(address, target)
        last = JSON.stringify([...documents.values()].map(({ _id, _source }) => [_id, _source]))
        return isComplete(documents) ? documents : undefined
      }
      const what = () => `the documents of ${target}; there are ${last}`
      return waitFor(complete, { timeoutMs: TIMEOUT_MS, what })
    },
  }
}

/** A record of partition 0. Its value is a JSON text. */
export const jsonRecord = (key: string | null, value: object | string | null): TopicRecord => ({
  partition: 0,
  key,
  value: typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
  headers: {},
})
