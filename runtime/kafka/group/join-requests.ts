import { brokerError } from '../connection/broker-errors.ts'
import type { RawRequest } from '../connection/kafkajs.ts'
import { WireReader, WireWriter } from '../connection/wire.ts'
import type { JoinedMember } from './ports.ts'

/** Time that the client waits for a response beyond the rebalance timeout. Source: JoinGroupRequest. */
const ANSWER_MARGIN_MS = 5000

const MEMBER_ID_REQUIRED = 79

export interface JoinRequest {
  readonly groupId: string
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  /** Empty in the first request; the coordinator then returns a member id. */
  readonly memberId: string
  readonly protocolType: string
  readonly protocols: readonly { readonly name: string; readonly metadata: Buffer }[]
}

export interface JoinAnswer {
  readonly generation: number
  readonly protocol: string
  readonly leaderId: string
  readonly memberId: string
  /** Empty unless this member is the leader. */
  readonly members: readonly JoinedMember[]
}

/** The coordinator's response to a new member, which must join again with this id. Source: KIP-394. */
export interface MemberIdGiven {
  readonly requiredId: string
}

/**
 * Encodes JoinGroup v5. The coordinator responds when all members have joined or the rebalance timeout has
 * passed.
 */
export function joinRequest(request: JoinRequest): RawRequest {
  const body = new WireWriter()
    .string(request.groupId)
    .int32(request.sessionTimeoutMs)
    .int32(request.rebalanceTimeoutMs)
    .string(request.memberId)
    .string(null) // group instance id: dynamic membership
    .string(request.protocolType)
    .array(request.protocols, (writer, { name, metadata }) => writer.string(name).bytes(metadata))
    .finish()
  const { rebalanceTimeoutMs: holdMs } = request
  const timeoutMs = holdMs + ANSWER_MARGIN_MS
  return { apiKey: 11, apiName: 'JoinGroup', apiVersion: 5, body: [body], timeoutMs, holdMs }
}

/**
 * Decodes a JoinGroup response. Throws the coordinator's error as `HR_KAFKA_UNAVAILABLE` or
 * `HR_KAFKA_REFUSED`.
 */
export function readJoinResponse(payload: Buffer, doing: string): JoinAnswer | MemberIdGiven {
  const reader = new WireReader(payload)
  reader.int32() // throttle time
  const errorCode = reader.int16()
  const generation = reader.int32()
  const protocol = reader.string()
  const leaderId = reader.string()
  const memberId = reader.string()
  const members = reader.array((item) => {
    const id = item.string()
    item.nullableString() // group instance id
    return { id, metadata: item.bytes() ?? Buffer.alloc(0) }
  })
  if (errorCode === MEMBER_ID_REQUIRED) return { requiredId: memberId }
  if (errorCode !== 0) throw brokerError(errorCode, doing)
  return { generation, protocol, leaderId, memberId, members }
}

export interface SyncRequest {
  readonly groupId: string
  readonly generation: number
  readonly memberId: string
  /** Assignments by member id. Empty unless this member is the leader. */
  readonly shares: ReadonlyMap<string, Buffer>
  readonly rebalanceTimeoutMs: number
}

/** Encodes SyncGroup v3. The coordinator responds when the leader has sent the assignments. */
export function syncRequest(request: SyncRequest): RawRequest {
  const body = new WireWriter()
    .string(request.groupId)
    .int32(request.generation)
    .string(request.memberId)
    .string(null) // group instance id
    .array([...request.shares], (writer, [memberId, share]) => writer.string(memberId).bytes(share))
    .finish()
  const { rebalanceTimeoutMs: holdMs } = request
  const timeoutMs = holdMs + ANSWER_MARGIN_MS
  return { apiKey: 14, apiName: 'SyncGroup', apiVersion: 3, body: [body], timeoutMs, holdMs }
}

/** Returns the member's assignment. Throws the same errors as {@link readJoinResponse}. */
export function readSyncResponse(payload: Buffer, doing: string): Buffer {
  const reader = new WireReader(payload)
  reader.int32() // throttle time
  const errorCode = reader.int16()
  const assignment = reader.bytes() ?? Buffer.alloc(0)
  if (errorCode !== 0) throw brokerError(errorCode, doing)
  return assignment
}
