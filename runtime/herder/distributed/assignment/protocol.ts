import { ConnectError } from '../../../../api/index.ts'
import { WireReader, WireWriter } from '../../../kafka/index.ts'
import type { TaskId } from '../../../stores/index.ts'
import { decodeTraits, encodeTraits, type WorkerTraits } from './traits.ts'
import { noWork, type Work } from './work.ts'

/**
 * Versions of the Connect rebalance protocol, by their names in the group. `headrace` is `sessioned` with the traits of
 * the workers. The coordinator chooses it only if every member offers it, so Java workers never see it.
 */
export const protocolVersions = { default: 0, compatible: 1, sessioned: 2, headrace: 3 } as const

export type ProtocolName = keyof typeof protocolVersions

/** Protocol names offered for each value of `connect.protocol`, the preferred one first. */
export const offeredProtocols: Readonly<Record<string, readonly ProtocolName[]>> = {
  eager: ['default'],
  compatible: ['compatible', 'default'],
  sessioned: ['headrace', 'sessioned', 'compatible', 'default'],
}

/** Metadata that a worker sends to the leader when it joins. */
export interface WorkerMetadata {
  /** Its REST URL. */
  readonly url: string
  /** Position in the config log. */
  readonly offset: number
  /** Its current assignment; null before the first assignment, and in the eager protocol. */
  readonly allocation: WorkerAssignment | null
  /** Undefined except in the protocol `headrace`. */
  readonly traits?: WorkerTraits | undefined
}

/** Assignment that the leader sends to a worker. */
export interface WorkerAssignment {
  /** 0, or 1 when the workers' config offsets differ. */
  readonly error: number
  readonly leader: string
  readonly leaderUrl: string
  readonly offset: number
  /** Eager: the complete assignment; otherwise the additional work. */
  readonly assigned: Work
  readonly revoked: Work
  /** Milliseconds until the next rebalance; 0 for none. */
  readonly delay: number
}

export const CONFIG_MISMATCH = 1

/** Task number that denotes the connector itself. */
const CONNECTOR_ITSELF = -1

/** Source: ConnectProtocol, IncrementalCooperativeConnectProtocol. */
export function encodeMetadata({ url, offset, allocation, traits }: WorkerMetadata, version: number): Buffer {
  const writer = new WireWriter().int16(version).string(url).int64(offset)
  if (version === 0) return writer.finish()
  writer.bytes(allocation === null ? null : encodeAssignment(allocation, version))
  if (version < protocolVersions.headrace || traits === undefined) return writer.finish()
  return writer.bytes(encodeTraits(traits)).finish()
}

/** Ignores what a later version adds at the end. */
export function decodeMetadata(bytes: Buffer): WorkerMetadata {
  const reader = new WireReader(bytes)
  const version = readVersion(reader)
  const url = reader.string()
  const offset = reader.int64()
  const allocation = version === 0 || reader.atEnd ? null : reader.bytes()
  const traits = version < protocolVersions.headrace || reader.atEnd ? null : reader.bytes()
  return {
    url,
    offset,
    allocation: allocation === null ? null : decodeAssignment(allocation),
    ...(traits === null ? {} : { traits: decodeTraits(traits) }),
  }
}

export function encodeAssignment(assignment: WorkerAssignment, version: number): Buffer {
  const writer = new WireWriter()
    .int16(version)
    .int16(assignment.error)
    .string(assignment.leader)
    .string(assignment.leaderUrl)
    .int64(assignment.offset)
  writeWork(writer, assignment.assigned)
  if (version === 0) return writer.finish()
  writeWork(writer, assignment.revoked)
  return writer.int32(assignment.delay).finish()
}

export function decodeAssignment(bytes: Buffer): WorkerAssignment {
  const reader = new WireReader(bytes)
  readVersion(reader)
  return {
    error: reader.int16(),
    leader: reader.string(),
    leaderUrl: reader.string(),
    offset: reader.int64(),
    assigned: readWork(reader),
    revoked: reader.atEnd ? noWork : readWork(reader),
    delay: reader.atEnd ? 0 : reader.int32(),
  }
}

function readVersion(reader: WireReader): number {
  const version = reader.int16()
  if (version < 0) throw new ConnectError('HR_DATA_INVALID', `Unsupported subscription version: ${version}`)
  return version
}

function writeWork(writer: WireWriter, { connectors, tasks }: Work): void {
  const numbers = new Map<string, number[]>(connectors.map((name) => [name, [CONNECTOR_ITSELF]]))
  for (const { connector, task } of tasks) {
    const known = numbers.get(connector)
    if (known === undefined) numbers.set(connector, [task])
    else known.push(task)
  }
  writer.array([...numbers], (item, [connector, ofConnector]) => {
    item.string(connector).array(ofConnector, (part, task) => part.int32(task))
  })
}

function readWork(reader: WireReader): Work {
  const connectors: string[] = []
  const tasks: TaskId[] = []
  reader.array((item) => {
    const connector = item.string()
    for (const task of item.array((part) => part.int32())) {
      if (task === CONNECTOR_ITSELF) connectors.push(connector)
      else tasks.push({ connector, task })
    }
  })
  return { connectors, tasks }
}
