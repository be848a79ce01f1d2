import { isRetriable, messageOf, type ConnectError } from '../../../api/index.ts'
import { errorTypeOf, kafkaFailure } from '../connection/broker-errors.ts'
import type { KafkaClient } from '../connection/client.ts'
import type { KafkajsBroker } from '../connection/kafkajs.ts'
import {
  memberMoves,
  type GroupProtocol,
  type GroupSettings,
  type MemberEvent,
  type MemberState,
} from './ports.ts'

const EXPELLED_TYPES = new Set(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'FENCED_INSTANCE_ID'])
const MOVED_TYPES = new Set(['NOT_COORDINATOR_FOR_GROUP', 'GROUP_COORDINATOR_NOT_AVAILABLE'])
const REBALANCE = 'REBALANCE_IN_PROGRESS'

/**
 * Membership in one group, whatever the group is for.
 *
 * Heartbeats go on by themselves. Joining does not: the owner calls {@link ensureActive} where a rebalance suits
 * it, so work is given up between two steps and never amidst one.
 */
export class GroupMember {
  readonly #client: KafkaClient
  readonly #settings: GroupSettings
  readonly #protocol: GroupProtocol
  readonly #onChange: () => void
  #state: MemberState = 'outside'
  #memberId = ''
  #generation = -1
  #heartbeat: NodeJS.Timeout | undefined
  #lastContact = Date.now()
  #rejoinAskedWhileJoining = false

  /** `onChange` is called when {@link ensureActive} has something to do. */
  constructor(client: KafkaClient, settings: GroupSettings, protocol: GroupProtocol, onChange: () => void) {
    this.#client = client
    this.#settings = settings
    this.#protocol = protocol
    this.#onChange = onChange
  }

  get state(): MemberState {
    return this.#state
  }
  get memberId(): string {
    return this.#memberId
  }
  get generation(): number {
    return this.#generation
  }
  /** When the coordinator last answered; milliseconds since the epoch. */
  get lastContact(): number {
    return this.#lastContact
  }

  requestRejoin(): void {
    if (this.#state === 'joining') this.#rejoinAskedWhileJoining = true
    this.#move('rejoin-asked')
    this.#onChange()
  }

  /**
   * Joins or rejoins when that is due; one try. True when the member is settled afterwards.
   *
   * Throws `HR_KAFKA_REFUSED` when the group does not take the member.
   */
  async ensureActive(): Promise<boolean> {
    if (this.#state === 'settled') return true
    if (this.#state === 'left') return false
    if (this.#state === 'expelled') await this.#forget()
    await this.#protocol.prepare()
    if (this.#state !== 'outside' && this.#state !== 'rejoin-due') return false
    try {
      await this.#join()
      return this.state === 'settled'
    } catch (error) {
      this.#onJoinFailure(kafkaFailure(error, `join group ${this.#settings.groupId}`))
      return false
    }
  }

  /**
   * Calls the coordinator as this member. A rebalance or expulsion that it tells of is noted, and thrown.
   *
   * Invariant 5: the generation goes along, by which a coordinator refuses a member that the group has left behind.
   */
  async withCoordinator<T>(
    doing: string,
    call: (broker: KafkajsBroker, member: MemberIdentity) => Promise<T>,
  ): Promise<T> {
    const identity = {
      groupId: this.#settings.groupId,
      memberId: this.#memberId,
      generation: this.#generation,
    }
    try {
      const coordinator = await this.#client.coordinator('group', identity.groupId)
      return await this.#client.withBroker(coordinator, doing, (broker) => call(broker, identity))
    } catch (error) {
      this.#onCoordinatorFailure(error, identity.generation)
      throw error
    }
  }

  /** Leaves at once, so that the others need not wait for the session to end. Errors are of no interest by then. */
  async leave(): Promise<void> {
    this.#stopHeartbeats()
    const member = this.#memberId
    const joining = this.#state === 'joining'
    this.#move('leave')
    this.#memberId = ''
    this.#generation = -1
    const coordinator = this.#client.knownCoordinator('group', this.#settings.groupId)
    if (coordinator === undefined) return
    // A broker answers one request of a connection after the other, and a join may wait for long
    if (joining) await this.#client.disconnect(coordinator)
    if (member !== '') await this.#takeLeave(member)
  }

  /** After {@link leave}: the next {@link ensureActive} joins as a new member. */
  comeBack(): void {
    if (this.#state === 'left') this.#move('return')
  }

  async #join(): Promise<void> {
    this.#move('join')
    this.#stopHeartbeats() // a pending join keeps the session alive
    this.#rejoinAskedWhileJoining = false
    const { groupId, sessionTimeoutMs, rebalanceTimeoutMs } = this.#settings
    const joined = await this.withCoordinator(`join group ${groupId}`, (broker) =>
      broker.joinGroup({
        groupId,
        sessionTimeout: sessionTimeoutMs,
        rebalanceTimeout: rebalanceTimeoutMs,
        memberId: this.#memberId,
        protocolType: this.#protocol.type,
        groupProtocols: [...this.#protocol.offered()],
      }),
    )
    if (this.state !== 'joining') return this.#takeLeave(joined.memberId)
    this.#memberId = joined.memberId
    this.#generation = joined.generationId
    this.#startHeartbeats()
    const shares = joined.leaderId === joined.memberId ? await this.#assign(joined) : []
    const { memberAssignment } = await this.withCoordinator(`sync with group ${groupId}`, (broker) =>
      broker.syncGroup({
        groupId,
        generationId: joined.generationId,
        memberId: joined.memberId,
        groupAssignment: shares,
      }),
    )
    if (this.#state !== 'joining') return
    this.#move('synced')
    if (this.#rejoinAskedWhileJoining) this.#move('rejoin-asked')
    this.#lastContact = Date.now()
    await this.#protocol.assigned({
      assignment: memberAssignment,
      protocol: joined.groupProtocol,
      memberId: joined.memberId,
      generation: joined.generationId,
    })
  }

  async #takeLeave(memberId: string): Promise<void> {
    const coordinator = this.#client.knownCoordinator('group', this.#settings.groupId)
    if (coordinator === undefined) return
    const request = { groupId: this.#settings.groupId, memberId }
    await this.#client
      .withBroker(coordinator, 'leave the group', (broker) => broker.leaveGroup(request))
      .catch((error: unknown) => this.#client.log.debug('left without a word', { reason: messageOf(error) }))
  }

  async #assign(joined: {
    groupProtocol: string
    memberId: string
    generationId: number
    members: { memberId: string; memberMetadata: Buffer }[]
  }) {
    const members = joined.members.map(({ memberId, memberMetadata }) => ({
      id: memberId,
      metadata: memberMetadata,
    }))
    const self = { id: joined.memberId, generation: joined.generationId }
    const shares = await this.#protocol.assign(joined.groupProtocol, self, members)
    return [...shares].map(([memberId, memberAssignment]) => ({ memberId, memberAssignment }))
  }

  async #forget(): Promise<void> {
    this.#memberId = ''
    this.#generation = -1
    this.#move('forgotten')
    await this.#protocol.lost()
  }

  #onJoinFailure(error: ConnectError): void {
    const type = errorTypeOf(error)
    this.#client.log.debug('joining the group failed', {
      group: this.#settings.groupId,
      reason: error.message,
    })
    if (this.#state === 'joining') this.#move('join-failed')
    if (type !== REBALANCE && !isRetriable(error) && !EXPELLED_TYPES.has(type ?? '')) throw error
  }

  #onCoordinatorFailure(error: unknown, generation: number): void {
    const type = errorTypeOf(error)
    const { groupId } = this.#settings
    if (type === undefined || MOVED_TYPES.has(type)) this.#client.forgetCoordinator('group', groupId)
    if (generation !== this.#generation) return // said of a membership that is over
    if (type === REBALANCE) this.requestRejoin()
    else if (type !== undefined && EXPELLED_TYPES.has(type)) this.#expelled()
  }

  #expelled(): void {
    if (this.#state === 'left') return
    this.#stopHeartbeats()
    this.#move('expelled')
    this.#onChange()
  }

  #startHeartbeats(): void {
    this.#stopHeartbeats()
    this.#heartbeat = setTimeout(() => void this.#beat(), this.#settings.heartbeatIntervalMs)
  }

  #stopHeartbeats(): void {
    clearTimeout(this.#heartbeat)
    this.#heartbeat = undefined
  }

  /** A lost connection only means another try: the session lasts longer than a few heartbeats. */
  async #beat(): Promise<void> {
    const generation = this.#generation
    try {
      await this.withCoordinator('send a heartbeat', (broker, { groupId, memberId }) =>
        broker.heartbeat({ groupId, groupGenerationId: generation, memberId }),
      )
      this.#lastContact = Date.now()
    } catch (error) {
      this.#client.log.debug('heartbeat failed', { group: this.#settings.groupId, reason: messageOf(error) })
    }
    if (this.#heartbeat !== undefined && this.#state !== 'joining') this.#startHeartbeats()
  }

  #move(event: MemberEvent): void {
    const next = memberMoves[this.#state][event]
    if (next === undefined) throw new TypeError(`a group member cannot take '${event}' while ${this.#state}`)
    this.#state = next
  }
}

export interface MemberIdentity {
  readonly groupId: string
  readonly memberId: string
  readonly generation: number
}
