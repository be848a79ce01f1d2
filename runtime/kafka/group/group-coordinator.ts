import { isRetriable, messageOf } from '../../../api/index.ts'
import { errorTypeOf } from '../connection/broker-errors.ts'
import type { KafkaClient } from '../connection/client.ts'
import type { KafkajsBroker } from '../connection/kafkajs.ts'
import {
  joinRequest,
  readJoinResponse,
  readSyncResponse,
  syncRequest,
  type JoinAnswer,
  type JoinRequest,
  type MemberIdGiven,
  type SyncRequest,
} from './join-requests.ts'

const MOVED_TYPES = new Set(['NOT_COORDINATOR_FOR_GROUP', 'GROUP_COORDINATOR_NOT_AVAILABLE'])

const MEMBERSHIP_TYPES = new Set([
  'FENCED_INSTANCE_ID',
  'ILLEGAL_GENERATION',
  'REBALANCE_IN_PROGRESS',
  'UNKNOWN_MEMBER_ID',
])

/**
 * Sends requests to the coordinator of one group. Looks it up when it is unknown, and again after a request
 * that failed because it did not respond or is no longer the coordinator. All methods throw
 * `HR_KAFKA_UNAVAILABLE` or `HR_KAFKA_REFUSED`.
 */
export class GroupCoordinator {
  readonly #client: KafkaClient
  readonly #groupId: string

  constructor(client: KafkaClient, groupId: string) {
    this.#client = client
    this.#groupId = groupId
  }

  join(request: Omit<JoinRequest, 'groupId'>): Promise<JoinAnswer | MemberIdGiven> {
    const groupId = this.#groupId
    return this.#ask(async (nodeId) => {
      const payload = await this.#client.send(nodeId, joinRequest({ ...request, groupId }))
      return readJoinResponse(payload, `join group ${groupId}`)
    })
  }

  sync(request: Omit<SyncRequest, 'groupId'>): Promise<Buffer> {
    const groupId = this.#groupId
    return this.#ask(async (nodeId) => {
      const payload = await this.#client.send(nodeId, syncRequest({ ...request, groupId }))
      return readSyncResponse(payload, `sync with group ${groupId}`)
    })
  }

  call<T>(doing: string, call: (broker: KafkajsBroker) => Promise<T>): Promise<T> {
    return this.#ask((nodeId) => this.#client.withBroker(nodeId, doing, call))
  }

  /**
   * Forgets a coordinator that has not answered since a time in milliseconds since the epoch, and closes the
   * connections to it. Resolves to false when the coordinator is being looked up.
   *
   * Source: AbstractCoordinator.markCoordinatorUnknown.
   */
  async abandon(since: number): Promise<boolean> {
    const nodeId = this.#client.knownCoordinator('group', this.#groupId)
    if (nodeId === undefined) return false
    this.#client.forgetCoordinator('group', this.#groupId)
    await this.#client.abandon(nodeId, since)
    return true
  }

  /**
   * Retries for `timeoutMs`. If that fails or the coordinator returns an error, the member's session times out instead.
   */
  async leave(memberId: string, timeoutMs: number): Promise<void> {
    const groupId = this.#groupId
    const doing = `leave group ${groupId}`
    try {
      await this.#client.retry(doing, { timeoutMs }, () =>
        this.call(doing, (broker) => broker.leaveGroup({ groupId, memberId })),
      )
    } catch (error) {
      this.#client.log.debug('cannot leave the group', { group: groupId, reason: messageOf(error) })
    }
  }

  async #ask<T>(call: (nodeId: number) => Promise<T>): Promise<T> {
    const { outages } = this.#client
    try {
      const answer = await call(await this.#client.coordinator('group', this.#groupId))
      outages.recovered(this)
      return answer
    } catch (error) {
      const type = errorTypeOf(error)
      if (type === undefined || MOVED_TYPES.has(type)) this.#client.forgetCoordinator('group', this.#groupId)
      // An error about the membership shows that the coordinator is reachable
      if (!isRetriable(error) || MEMBERSHIP_TYPES.has(type ?? '')) outages.recovered(this)
      else outages.failing(this, error)
      throw error
    }
  }
}
