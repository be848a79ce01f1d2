import type { PartitionOffset, TopicPartition } from '../../../api/index.ts'
import { byTopic } from '../topic-partition.ts'
import { brokerError, errorKind, errorTypeOf } from '../connection/broker-errors.ts'
import type { KafkaClient, RetryLimits } from '../connection/client.ts'
import type { RawRequest } from '../connection/kafkajs.ts'
import { WireReader, WireWriter } from '../connection/wire.ts'

const NONE = -1
const COORDINATOR_TROUBLE = new Set([
  'GROUP_LOAD_IN_PROGRESS',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR_FOR_GROUP',
])

/** A group as its coordinator describes it. */
export interface GroupDescription {
  /** `Stable`, `PreparingRebalance`, `CompletingRebalance`, `Empty` or `Dead`. */
  readonly state: string
  /** The protocol that the members use; empty while the group rebalances. */
  readonly protocol: string
  readonly members: readonly {
    readonly id: string
    /** As of its last join; empty while the group rebalances. */
    readonly metadata: Buffer
    readonly assignment: Buffer
  }[]
}

/** Describes a group, and reads and changes its committed offsets, without being a member. Source: Admin. */
export class GroupAdmin {
  readonly #client: KafkaClient

  constructor(client: KafkaClient) {
    this.#client = client
  }

  async describe(group: string, limits: RetryLimits): Promise<GroupDescription> {
    const doing = `describe group ${group}`
    const body = new WireWriter().array([group], (writer, name) => writer.string(name)).finish()
    const request = { apiKey: 15, apiName: 'DescribeGroups', apiVersion: 1, body: [body] }
    return this.#ask(group, doing, limits, request, (reader) => {
      reader.int32() // throttle time
      const [found] = reader.array(readGroup)
      if (found === undefined) throw new TypeError(`${doing}: the response contains no group`)
      refuseError(found.error, doing)
      return found
    })
  }

  /** Resolves to all committed offsets of the group; empty if the group does not exist. */
  async offsets(group: string, limits: RetryLimits): Promise<PartitionOffset[]> {
    const body = new WireWriter()
      .string(group)
      .array(null, () => {})
      .finish()
    const doing = `read the offsets of group ${group}`
    const request = { apiKey: 9, apiName: 'OffsetFetch', apiVersion: 5, body: [body] }
    return this.#ask(group, doing, limits, request, (reader) => {
      reader.int32() // throttle time
      const topics = reader.array(readTopic)
      refuseError(reader.int16(), doing)
      return topics.flat().filter(({ offset }) => offset !== NONE)
    })
  }

  /**
   * Commits offsets for the group. Throws `HR_KAFKA_REFUSED`, with type `UNKNOWN_MEMBER_ID` if the group has
   * members. A partition that fails does not keep the offsets of others from being committed.
   */
  async alterOffsets(group: string, offsets: readonly PartitionOffset[], limits: RetryLimits): Promise<void> {
    const doing = `alter the offsets of group ${group}`
    const body = new WireWriter().string(group).int32(NONE).string('')
    body.array([...byTopic(offsets)], (writer, [topic, partitions]) =>
      writer
        .string(topic)
        .array(partitions, (item, { partition, offset }) =>
          item.int32(partition).int64(offset).int32(NONE).string(''),
        ),
    )
    const request = { apiKey: 8, apiName: 'OffsetCommit', apiVersion: 6, body: [body.finish()] }
    await this.#ask(group, doing, limits, request, (reader) => {
      reader.int32() // throttle time
      refuseErrors(reader, doing)
    })
  }

  /**
   * Deletes offsets of the group. Throws like {@link alterOffsets}, with type `GROUP_SUBSCRIBED_TO_TOPIC`.
   */
  async deleteOffsets(
    group: string,
    partitions: readonly TopicPartition[],
    limits: RetryLimits,
  ): Promise<void> {
    const doing = `delete offsets of group ${group}`
    const body = new WireWriter().string(group)
    body.array([...byTopic(partitions)], (writer, [topic, ofTopic]) =>
      writer.string(topic).array(ofTopic, (item, { partition }) => item.int32(partition)),
    )
    const request = { apiKey: 47, apiName: 'OffsetDelete', apiVersion: 0, body: [body.finish()] }
    await this.#ask(group, doing, limits, request, (reader) => {
      refuseError(reader.int16(), doing)
      reader.int32() // throttle time
      refuseErrors(reader, doing)
    })
  }

  /**
   * Deletes a group with its offsets, if it exists. Throws with type `NON_EMPTY_GROUP` while it has members.
   */
  async deleteGroup(group: string, limits: RetryLimits): Promise<void> {
    const doing = `delete group ${group}`
    const body = new WireWriter().array([group], (writer, name) => writer.string(name)).finish()
    const request = { apiKey: 42, apiName: 'DeleteGroups', apiVersion: 1, body: [body] }
    await this.#ask(group, doing, limits, request, (reader) => {
      reader.int32() // throttle time
      const [error = 0] = reader.array((item) => {
        item.string() // the group
        return item.int16()
      })
      if (errorKind(error).type !== 'GROUP_ID_NOT_FOUND') refuseError(error, doing)
    })
  }

  /**
   * Retries errors of the coordinator. Errors of a partition are not retried, because a retry does not help.
   */
  async #ask<T>(
    group: string,
    doing: string,
    limits: RetryLimits,
    request: RawRequest,
    read: (reader: WireReader) => T,
  ): Promise<T> {
    const ask = async (nodeId: number) => {
      const answer = await this.#client.send(nodeId, request)
      try {
        return { value: read(new WireReader(answer)) }
      } catch (error) {
        if (COORDINATOR_TROUBLE.has(errorTypeOf(error) ?? '')) throw error
        return { error }
      }
    }
    const outcome = await this.#client.retry(doing, limits, () =>
      this.#client.atCoordinator('group', group, ask),
    )
    if ('error' in outcome) throw outcome.error
    return outcome.value
  }
}

function readGroup(reader: WireReader): GroupDescription & { readonly error: number } {
  const error = reader.int16()
  reader.string() // the group
  const state = reader.string()
  reader.string() // protocol type
  const protocol = reader.string()
  const members = reader.array((item) => {
    const id = item.string()
    item.string() // client ID
    item.string() // client host
    return { id, metadata: item.bytes() ?? Buffer.alloc(0), assignment: item.bytes() ?? Buffer.alloc(0) }
  })
  return { error, state, protocol, members }
}

function readTopic(reader: WireReader): PartitionOffset[] {
  const topic = reader.string()
  return reader.array((item) => {
    const partition = item.int32()
    const offset = item.int64()
    item.int32() // leader epoch
    item.nullableString() // metadata
    item.int16() // error code: a partition with an error has no offset
    return { topic, partition, offset }
  })
}

/** Throws the first error of a partition in the response. */
function refuseErrors(reader: WireReader, doing: string): void {
  const errors = reader.array((topic) => {
    const name = topic.string()
    return topic.array((item) => ({ partition: `${name}-${item.int32()}`, error: item.int16() }))
  })
  const failed = errors.flat().find(({ error }) => error !== 0)
  if (failed !== undefined) throw brokerError(failed.error, `${doing}: ${failed.partition}`)
}

function refuseError(error: number, doing: string): void {
  if (error !== 0) throw brokerError(error, doing)
}
