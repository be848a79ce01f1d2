import type { RawRequest } from '../../connection/kafkajs.ts'
import { WireReader, WireWriter } from '../../connection/wire.ts'
import type { JoinAnswer, JoinRequest, MemberIdGiven, SyncRequest } from '../join-requests.ts'

export interface SentJoin extends Omit<JoinRequest, 'protocolType'> {}
export type SentSync = Omit<SyncRequest, 'rebalanceTimeoutMs'>

/**
 * The coordinator's behavior in a test when a member joins. The client's `send` throws the errors that these
 * throw.
 */
export interface FakeJoins {
  joinGroup(request: SentJoin): Promise<JoinAnswer | MemberIdGiven>
  /** Returns the assignment of the member. */
  syncGroup(request: SentSync): Promise<Buffer>
}

const JOIN_GROUP = 11
const SYNC_GROUP = 14
const MEMBER_ID_REQUIRED = 79

/** Returns the response to a JoinGroup or SyncGroup request; undefined for any other request. */
export function answerJoin(joins: Partial<FakeJoins>, request: RawRequest): Promise<Buffer> | undefined {
  if (request.apiKey === JOIN_GROUP && joins.joinGroup !== undefined) {
    return joins.joinGroup(readJoinRequest(request)).then(joinResponse)
  }
  if (request.apiKey === SYNC_GROUP && joins.syncGroup !== undefined) {
    return joins.syncGroup(readSyncRequest(request)).then(syncResponse)
  }
  return undefined
}

function readJoinRequest({ body }: RawRequest): SentJoin {
  const reader = new WireReader(Buffer.concat(body))
  const groupId = reader.string()
  const sessionTimeoutMs = reader.int32()
  const rebalanceTimeoutMs = reader.int32()
  const memberId = reader.string()
  reader.nullableString() // group instance id
  reader.string() // protocol type
  const protocols = reader.array((item) => ({
    name: item.string(),
    metadata: item.bytes() ?? Buffer.alloc(0),
  }))
  return { groupId, sessionTimeoutMs, rebalanceTimeoutMs, memberId, protocols }
}

function joinResponse(answer: JoinAnswer | MemberIdGiven): Buffer {
  const isRequired = 'requiredId' in answer
  const writer = new WireWriter().int32(0).int16(isRequired ? MEMBER_ID_REQUIRED : 0)
  if (isRequired) return writer.int32(-1).string('').string('').string(answer.requiredId).int32(0).finish()
  return writer
    .int32(answer.generation)
    .string(answer.protocol)
    .string(answer.leaderId)
    .string(answer.memberId)
    .array(answer.members, (item, { id, metadata }) => item.string(id).string(null).bytes(metadata))
    .finish()
}

function readSyncRequest({ body }: RawRequest): SentSync {
  const reader = new WireReader(Buffer.concat(body))
  const groupId = reader.string()
  const generation = reader.int32()
  const memberId = reader.string()
  reader.nullableString() // group instance id
  const shares = reader.array((item) => [item.string(), item.bytes() ?? Buffer.alloc(0)] as const)
  return { groupId, generation, memberId, shares: new Map(shares) }
}

const syncResponse = (assignment: Buffer): Buffer =>
  new WireWriter().int32(0).int16(0).bytes(assignment).finish()
