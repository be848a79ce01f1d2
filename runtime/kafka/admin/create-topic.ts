import type { RawRequest } from '../connection/kafkajs.ts'
import type { ConnectionSettings } from '../connection/settings.ts'
import { WireReader, WireWriter } from '../connection/wire.ts'

/** A topic to create. -1 means the broker's default. */
export interface NewTopic {
  readonly topic: string
  readonly partitions: number
  readonly replicationFactor: number
  readonly configs: Readonly<Record<string, string>>
}

/**
 * Encodes CreateTopics v3 for one topic. Not sent through kafkajs, which drops the broker's error message.
 */
export function createTopicRequest(
  { topic, partitions, replicationFactor, configs }: NewTopic,
  { requestTimeoutMs }: Pick<ConnectionSettings, 'requestTimeoutMs'>,
): RawRequest {
  const body = new WireWriter()
    .array([topic], (writer, name) =>
      writer
        .string(name)
        .int32(partitions)
        .int16(replicationFactor)
        .array([], () => {}) // assignments
        .array(Object.entries(configs), (config, [key, value]) => config.string(key).string(value)),
    )
    .int32(requestTimeoutMs)
    .boolean(false) // validate only
    .finish()
  return { apiKey: 19, apiName: 'CreateTopics', apiVersion: 3, body: [body], holdMs: requestTimeoutMs }
}

export interface TopicCreationResult {
  /** 0 if the topic was created. */
  readonly errorCode: number
  readonly message: string | null
}

export function readCreateTopicResponse(payload: Buffer): TopicCreationResult {
  const reader = new WireReader(payload)
  reader.int32() // throttle time
  const [result = { errorCode: -1, message: null }] = reader.array((item) => {
    item.string() // the topic
    return { errorCode: item.int16(), message: item.nullableString() }
  })
  return result
}
