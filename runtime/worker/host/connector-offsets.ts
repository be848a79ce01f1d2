import {
  ConnectError,
  isConnectError,
  messageOf,
  type Connector,
  type PartitionOffset,
  type SinkConnector,
  type SourceConnector,
  type TopicPartition,
} from '../../../api/index.ts'
import { withoutNulls } from '../../../config/index.ts'
import { javaText, parseJson } from '../../../java/index.ts'
import { errorTypeOf, GroupAdmin } from '../../kafka/index.ts'
import { offsetKey, offsetValue, type PartitionOffsetEntry } from '../../stores/index.ts'
import { adminProps, consumerProps } from './setup/client-props.ts'
import type { HostEnvironment } from './environment.ts'

/** The timeout of a REST request. */
const TIMEOUT_MS = 90_000
const MAX_PARTITION = 2n ** 31n - 1n
const MAX_OFFSET = 2n ** 63n - 1n

type Named = Readonly<Record<string, string | null>>

/** A partition of a sink with its new offset; null deletes the committed offset. */
type SinkOffset = TopicPartition & { readonly offset: number | null }

/**
 * Returns the committed offsets of the sink's consumer group. Throws `HR_CONNECT`. Source:
 * Worker.sinkConnectorOffsets.
 */
export function sinkOffsets(
  environment: HostEnvironment,
  name: string,
  props: Named,
): Promise<PartitionOffset[]> {
  return withGroup(environment, name, props, async (admin, group) => {
    try {
      return await admin.offsets(group, { timeoutMs: TIMEOUT_MS })
    } catch (cause) {
      const message = `Failed to retrieve consumer group offsets for sink connector ${name}`
      throw new ConnectError('HR_CONNECT', message, { cause })
    }
  })
}

/**
 * Passes new offsets to a source for validation. Returns true if the user need not do anything else.
 *
 * Throws the connector's errors. Source: Worker.modifySourceConnectorOffsets.
 */
export async function acceptSourceOffsets(
  plugin: SourceConnector,
  name: string,
  props: Named,
  offsets: readonly PartitionOffsetEntry[],
): Promise<boolean> {
  // Rejects offsets that cannot be stored before the connector acts on them
  for (const [partition, offset] of offsets) void [offsetKey('', partition), offsetValue(offset)]
  return accepted(plugin, name, props, offsets)
}

/**
 * Sets or deletes offsets of a sink's consumer group. Returns true in the same cases as {@link acceptSourceOffsets}.
 *
 * Throws `HR_BAD_REQUEST` for invalid offsets, `HR_GROUP_NOT_EMPTY` while the group has members, and
 * `HR_CONNECT`.
 *
 * Source: Worker.modifySinkConnectorOffsets.
 */
export function changeSinkOffsets(
  environment: HostEnvironment,
  plugin: SinkConnector,
  name: string,
  props: Named,
  offsets: readonly PartitionOffsetEntry[] | null,
): Promise<boolean> {
  return withGroup(environment, name, props, async (admin, group) => {
    const wanted = offsets === null ? await knownPartitions(admin, group, name) : offsets.map(sinkOffset)
    const complete = await accepted(plugin, name, props, wanted.map(entryOf))
    if (wanted.some(({ offset }) => offset !== null && offset < 0)) {
      throw new ConnectError('HR_CONNECT', `Failed to modify offsets for sink connector ${name}`)
    }
    await (offsets === null ? resetGroup(admin, group, name) : alterGroup(admin, group, name, wanted))
    return complete
  })
}

async function accepted(
  plugin: Connector,
  name: string,
  props: Named,
  offsets: readonly PartitionOffsetEntry[],
): Promise<boolean> {
  try {
    return (await plugin.alterOffsets?.(withoutNulls(props), offsets as never)) ?? false
  } catch (cause) {
    if (isConnectError(cause) && cause.code === 'HR_UNSUPPORTED') {
      const message = `Failed to modify offsets for connector ${name} because it doesn't support external modification of offsets`
      throw new ConnectError('HR_CONNECT', message, { cause })
    }
    if (isConnectError(cause)) throw cause
    const message = `Failed to modify offsets for ${plugin.kind} connector ${name}: ${messageOf(cause)}`
    throw new ConnectError('HR_CONNECT', message, { cause })
  }
}

async function knownPartitions(admin: GroupAdmin, group: string, name: string): Promise<SinkOffset[]> {
  try {
    const known = await admin.offsets(group, { timeoutMs: TIMEOUT_MS })
    return known.map(({ topic, partition }) => ({ topic, partition, offset: null }))
  } catch (cause) {
    const message = `Failed to list offsets prior to resetting offsets for sink connector ${name}`
    throw new ConnectError('HR_CONNECT', message, { cause })
  }
}

async function alterGroup(
  admin: GroupAdmin,
  group: string,
  name: string,
  wanted: readonly SinkOffset[],
): Promise<void> {
  const set = wanted.flatMap(({ offset, ...place }) => (offset === null ? [] : [{ ...place, offset }]))
  const taken = wanted.filter(({ offset }) => offset === null)
  const limits = { timeoutMs: TIMEOUT_MS }
  const outcomes = await Promise.allSettled([
    ...(set.length > 0 ? [admin.alterOffsets(group, set, limits)] : []),
    ...(taken.length > 0 ? [admin.deleteOffsets(group, taken, limits)] : []),
  ])
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed !== undefined) {
    const cause: unknown = failed.reason
    const stillThere = ['UNKNOWN_MEMBER_ID', 'GROUP_SUBSCRIBED_TO_TOPIC'].includes(errorTypeOf(cause) ?? '')
    throw groupFailure('alter', `connector ${name}`, name, stillThere, cause)
  }
}

async function resetGroup(admin: GroupAdmin, group: string, name: string): Promise<void> {
  try {
    await admin.deleteGroup(group, { timeoutMs: TIMEOUT_MS })
  } catch (cause) {
    const stillThere = errorTypeOf(cause) === 'NON_EMPTY_GROUP'
    throw groupFailure('reset', `sink connector ${name}`, name, stillThere, cause)
  }
}

function groupFailure(verb: string, whose: string, name: string, stillThere: boolean, cause: unknown) {
  const reasons =
    `either because its tasks haven't stopped completely yet or the connector was resumed before the request to ` +
    `${verb} its offsets could be successfully completed. If the connector is in a stopped state, this operation can ` +
    `be safely retried. If it doesn't eventually succeed, the Connect cluster may need to be restarted to get rid of ` +
    `the zombie sink tasks.`
  const message = stillThere
    ? `Failed to ${verb} consumer group offsets for connector ${name} ${reasons}`
    : `Failed to ${verb} consumer group offsets for ${whose}`
  return new ConnectError(stillThere ? 'HR_GROUP_NOT_EMPTY' : 'HR_CONNECT', message, { cause })
}

/** Source: SinkUtils.parseSinkConnectorOffsets. */
function sinkOffset([partition, offset]: PartitionOffsetEntry): SinkOffset {
  if (partition === null) throw refused('The partition for a sink connector offset cannot be null or missing')
  const { kafka_topic: topic, kafka_partition: number } = partition
  if (topic === undefined || number === undefined) {
    throw refused(
      "The partition for a sink connector offset must contain the keys 'kafka_topic' and 'kafka_partition'",
    )
  }
  if (topic === null) throw refused('Kafka topic names must be valid strings and may not be null')
  if (number === null) throw refused('Kafka partitions must be valid numbers and may not be null')
  const place = { topic: javaText(topic, null), partition: integer('partition', number, MAX_PARTITION) }
  if (offset === null) return { ...place, offset: null }
  if (!Object.hasOwn(offset, 'kafka_offset')) {
    throw refused("The offset for a sink connector should either be null or contain the key 'kafka_offset'")
  }
  return { ...place, offset: integer('offset', offset['kafka_offset'], MAX_OFFSET) }
}

/** Numbers may be strings, which Java's parsers accept too. */
function integer(what: 'partition' | 'offset', value: unknown, max: bigint): number {
  const text = javaText(value, null)
  const number = /^[+-]?\d+$/.test(text) ? BigInt(text.replace('+', '')) : undefined
  if (number !== undefined && number <= max && number >= -max - 1n) return Number(number)
  const kind = what === 'partition' ? 'Partition' : 'Offset'
  const found = `Failed to parse the following Kafka ${what} value in the provided offsets: '${text}'.`
  throw refused(`${found} ${kind} values for sink connectors need to be integers.`)
}

const refused = (message: string): ConnectError => new ConnectError('HR_BAD_REQUEST', message)

function entryOf({ topic, partition, offset }: SinkOffset): PartitionOffsetEntry {
  return [
    { kafka_topic: topic, kafka_partition: partition },
    offset === null ? null : { kafka_offset: offset },
  ]
}

/** Differs: connectors with identical admin client settings share a client, and therefore its client id. */
async function withGroup<T>(
  { worker, loggers, groupClients }: HostEnvironment,
  name: string,
  props: Named,
  step: (admin: GroupAdmin, group: string) => Promise<T>,
): Promise<T> {
  const id = { connector: name, task: 0 }
  const group = consumerProps(worker, props, id)['group.id'] ?? `connect-${name}`
  const settings = adminProps(worker, props, 'connector-worker-adminclient')
  return groupClients.use(settings, loggers.logger('headrace.kafka'), (client) =>
    step(new GroupAdmin(client), group),
  )
}

/** Offsets are sent between processes as JSON, which preserves their numbers. */
export function readEntries(text: string): PartitionOffsetEntry[] {
  return parseJson(text) as PartitionOffsetEntry[]
}
