import { isRetriable, messageOf, type ConnectError } from '../../../api/index.ts'
import { now, within, type Instant } from '../../timing/index.ts'
import { errorTypeOf, kafkaFailure } from '../connection/broker-errors.ts'
import type { KafkaClient } from '../connection/client.ts'
import type { KafkajsBroker } from '../connection/kafkajs.ts'
import { GroupCoordinator } from './group-coordinator.ts'
import { answeredInSession, Heartbeats } from './heartbeats.ts'
import type { JoinAnswer } from './join-requests.ts'
import {
  memberMoves,
  type GroupProtocol,
  type GroupSettings,
  type MemberEvent,
  type MemberState,
  type Share,
} from './ports.ts'

const EXPELLED_TYPES = new Set(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'FENCED_INSTANCE_ID'])
const REBALANCE = 'REBALANCE_IN_PROGRESS'

const HEARTBEAT = [
  'send a heartbeat',
  (broker: KafkajsBroker, { groupId, memberId, generation }: MemberIdentity) =>
    broker.heartbeat({ groupId, groupGenerationId: generation, memberId }),
] as const

/** Maximum duration of {@link GroupMember.leave} when the coordinator does not respond. */
const LEAVE_TIMEOUT_MS = 1500

/** One attempt to join. Its outcome is applied by the owner's next call. */
interface JoinAttempt {
  /** Aborted when the share is no longer needed. */
  readonly stop: AbortController
  ended: Promise<void>
  /** Undefined until the attempt ends. The share is undefined if the membership changed in the meantime. */
  outcome: { readonly share: Share | undefined } | { readonly failure: ConnectError } | undefined
}

/**
 * Membership in one group, independent of the group's protocol.
 *
 * Heartbeats are sent in the background. The owner decides when to join a rebalance: it calls
 * {@link ensureActive} or {@link advance} between two steps of its work. Only these methods call the
 * protocol's `prepare`, `assigned` and `lost`.
 */
export class GroupMember {
  readonly #client: KafkaClient
  readonly #settings: GroupSettings
  readonly #protocol: GroupProtocol
  readonly #onChange: () => void
  readonly #coordinator: GroupCoordinator
  readonly #heartbeats: Heartbeats
  #state: MemberState = 'outside'
  #memberId = ''
  #generation = -1
  #lastContact = now()
  #rejoinAskedWhileJoining = false
  #attempt: JoinAttempt | undefined

  /** `onChange` is called when {@link ensureActive} or {@link advance} has something to do. */
  constructor(client: KafkaClient, settings: GroupSettings, protocol: GroupProtocol, onChange: () => void) {
    this.#client = client
    this.#settings = settings
    this.#protocol = protocol
    this.#onChange = onChange
    this.#coordinator = new GroupCoordinator(client, settings.groupId)
    this.#heartbeats = new Heartbeats(settings.heartbeatIntervalMs, () => this.#heartbeat())
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
  /** Earliest time of the last session renewal by the coordinator, in milliseconds since the epoch. */
  get lastContact(): number {
    return this.#lastContact.wallMs
  }

  requestRejoin(): void {
    if (this.#state === 'joining') {
      this.#rejoinAskedWhileJoining = true
      this.#attempt?.stop.abort(new Error('the group is rebalancing again'))
    }
    this.#move('rejoin-asked')
    this.#onChange()
  }

  /** Makes this member hear of the next rebalance soon: another member is about to leave. */
  expectRebalance(): void {
    this.#heartbeats.soon()
  }

  /** Whether a join is in progress, or has ended and its outcome is not applied yet. */
  get joining(): boolean {
    return this.#attempt !== undefined
  }

  /**
   * Makes one attempt to join or rejoin if that is due. Waits for the other members. Resolves to true if the
   * member is then settled.
   *
   * Throws `HR_KAFKA_REFUSED` when the group rejects the member.
   */
  async ensureActive(): Promise<boolean> {
    await this.#begin()
    await this.#attempt?.ended
    return this.#applyAttempt()
  }

  /**
   * Like {@link ensureActive}, but does not wait for the other members. Resolves to false while the join is
   * in progress; `onChange` is called when it ends.
   */
  async advance(): Promise<boolean> {
    const begun = await this.#begin()
    void begun?.ended.then(() => this.#onChange())
    return this.#applyAttempt()
  }

  /**
   * Calls the coordinator as this member. An error about a rebalance or an expulsion updates the state and is
   * rethrown.
   *
   * Invariant 5: the request carries the generation, so the coordinator rejects a member of an earlier
   * generation.
   */
  withCoordinator<T>(
    doing: string,
    call: (broker: KafkajsBroker, member: MemberIdentity) => Promise<T>,
  ): Promise<T> {
    return this.#asMember((identity) => this.#coordinator.call(doing, (broker) => call(broker, identity)))
  }

  /**
   * Leaves immediately, even while joining, so that other members do not wait for the session timeout. Takes
   * at most {@link LEAVE_TIMEOUT_MS}. Errors are only logged, at DEBUG.
   */
  async leave(): Promise<void> {
    this.#heartbeats.stop()
    const member = this.#memberId
    const attempt = this.#attempt
    this.#attempt = undefined
    this.#move('leave')
    this.#memberId = ''
    this.#generation = -1
    attempt?.stop.abort(new Error('the member left the group'))
    // A join without a member id gets an immediate response; the attempt then leaves under the new id
    const left = member === '' ? attempt?.ended : this.#coordinator.leave(member, LEAVE_TIMEOUT_MS)
    if (left !== undefined) await within(LEAVE_TIMEOUT_MS, left, () => {})
  }

  /** Called after {@link leave}, so that the next {@link ensureActive} joins as a new member. */
  allowRejoin(): void {
    if (this.#state === 'left') this.#move('return')
  }

  /** Starts a join if one is due and none is in progress. */
  async #begin(): Promise<JoinAttempt | undefined> {
    if (this.#attempt !== undefined || this.#state === 'settled' || this.#state === 'left') return undefined
    if (this.#state === 'expelled') await this.#forget()
    await this.#protocol.prepare()
    if (this.#state !== 'outside' && this.#state !== 'rejoin-due') return undefined
    this.#move('join')
    this.#rejoinAskedWhileJoining = false
    const attempt: JoinAttempt = {
      stop: new AbortController(),
      ended: Promise.resolve(),
      outcome: undefined,
    }
    this.#attempt = attempt
    attempt.ended = this.#join(attempt).then(
      (share) => {
        attempt.outcome = { share }
      },
      (error: unknown) => {
        attempt.outcome = { failure: kafkaFailure(error, `join group ${this.#settings.groupId}`) }
      },
    )
    return attempt
  }

  /** Applies the outcome of an attempt that has ended. Resolves to true if the member is settled. */
  async #applyAttempt(): Promise<boolean> {
    const attempt = this.#attempt
    if (attempt === undefined) return this.#state === 'settled'
    const { outcome } = attempt
    if (outcome === undefined) return false
    this.#attempt = undefined
    if ('failure' in outcome) this.#onJoinFailure(outcome.failure)
    else if (outcome.share !== undefined && this.#state !== 'expelled')
      await this.#protocol.assigned(outcome.share)
    return this.#state === 'settled'
  }

  /** Resolves to the member's share; undefined if the membership changed in the meantime. */
  async #join(attempt: JoinAttempt): Promise<Share | undefined> {
    const joined = await this.#joinWithId(attempt)
    if (joined === undefined) return undefined
    const { memberId, generation, protocol } = joined
    this.#memberId = memberId
    this.#generation = generation
    this.#heartbeats.start()
    const assignment = await this.#sync(joined)
    if (!this.#isCurrent(attempt)) return undefined
    this.#heartbeats.start()
    const share = { assignment, protocol, memberId, generation }
    const ready = (await this.#protocol.ready?.(share, attempt.stop.signal)) ?? true
    if (!this.#isCurrent(attempt)) return undefined
    this.#move(ready ? 'synced' : 'join-failed')
    if (this.#rejoinAskedWhileJoining) this.#move('rejoin-asked')
    return ready ? share : undefined
  }

  /**
   * Joins; a new member joins again with the id from the coordinator. Undefined if the member left in the
   * meantime.
   */
  async #joinWithId(attempt: JoinAttempt): Promise<JoinAnswer | undefined> {
    const isNew = this.#memberId === ''
    const first = await this.#askToJoin()
    const given = 'requiredId' in first ? first.requiredId : first.memberId
    if (!this.#isCurrent(attempt)) {
      if (isNew) await this.#coordinator.leave(given, LEAVE_TIMEOUT_MS)
      return undefined
    }
    this.#memberId = given
    if (!('requiredId' in first)) return first
    this.#heartbeats.start()
    const second = await this.#askToJoin()
    if ('requiredId' in second) throw new TypeError('the coordinator assigned a second member id')
    return this.#isCurrent(attempt) ? second : undefined
  }

  /** Whether this attempt is still the one in progress. */
  #isCurrent(attempt: JoinAttempt): boolean {
    return this.#attempt === attempt && this.#state === 'joining'
  }

  #askToJoin() {
    const { type } = this.#protocol
    const protocols = this.#protocol.offered()
    return this.#asMember(({ memberId }) =>
      this.#renewing(() =>
        this.#coordinator.join({ ...this.#settings, memberId, protocolType: type, protocols }),
      ),
    )
  }

  async #sync(joined: JoinAnswer): Promise<Buffer> {
    const { memberId, generation } = joined
    const self = { id: memberId, generation }
    const isLeader = joined.leaderId === memberId
    const shares = isLeader ? await this.#protocol.assign(joined.protocol, self, joined.members) : new Map()
    return this.#asMember(() =>
      this.#renewing(() => this.#coordinator.sync({ ...this.#settings, memberId, generation, shares })),
    )
  }

  /** Runs a request whose answer renews the session. */
  async #renewing<T>(ask: () => Promise<T>): Promise<T> {
    const sentAt = now()
    const answer = await ask()
    this.#contacted(sentAt)
    return answer
  }

  /** Runs a request and updates the state if its error concerns the membership under which it was sent. */
  async #asMember<T>(ask: (member: MemberIdentity) => Promise<T>): Promise<T> {
    const { groupId } = this.#settings
    const identity = { groupId, memberId: this.#memberId, generation: this.#generation }
    const sentAt = now()
    try {
      return await ask(identity)
    } catch (error) {
      this.#onCoordinatorFailure(error, identity, sentAt)
      throw error
    }
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

  #onCoordinatorFailure(error: unknown, { memberId, generation }: MemberIdentity, sentAt: Instant): void {
    const type = errorTypeOf(error)
    if (memberId !== this.#memberId || generation !== this.#generation) return // an earlier membership
    if (type === REBALANCE) {
      this.#contacted(sentAt) // the coordinator knows the member
      this.requestRejoin()
    } else if (type !== undefined && EXPELLED_TYPES.has(type)) this.#expelled()
  }

  #expelled(): void {
    if (this.#state === 'left') return
    this.#heartbeats.stop()
    this.#attempt?.stop.abort(new Error('the group no longer knows the member'))
    this.#move('expelled')
    this.#onChange()
  }

  /**
   * Sends a heartbeat. A lost connection has no other effect, since the session outlasts a few heartbeats. When the
   * session times out without a response, the coordinator counts as unknown and is looked up again; the membership is
   * kept until the coordinator ends it.
   *
   * Heartbeats continue during a join, which may take long, so that a lost connection is noticed.
   *
   * Source: AbstractCoordinator.HeartbeatThread, Heartbeat.sessionTimeoutExpired.
   */
  async #heartbeat(): Promise<void> {
    const sentAt = now()
    const beat = this.#state === 'joining' ? this.#beatWhileJoining() : this.withCoordinator(...HEARTBEAT)
    const { lastContact } = this
    try {
      const answered = await answeredInSession(beat, sentAt.wallMs, lastContact, this.#settings)
      if (!answered && (await this.#coordinator.abandon(lastContact))) return
      await beat
      this.#contacted(sentAt)
    } catch (error) {
      this.#client.log.debug('heartbeat failed', { group: this.#settings.groupId, reason: messageOf(error) })
    }
  }

  /**
   * Only shows whether the coordinator knows the member: the join itself gets the errors of the membership. During the
   * join, the coordinator responds that the group is rebalancing.
   */
  async #beatWhileJoining(): Promise<void> {
    const { groupId } = this.#settings
    const identity = { groupId, memberId: this.#memberId, generation: this.#generation }
    const [doing, send] = HEARTBEAT
    try {
      await this.#coordinator.call(doing, (broker) => send(broker, identity))
    } catch (error) {
      if (errorTypeOf(error) !== REBALANCE) throw error
    }
  }

  /** The coordinator has renewed the session after `sentAt`, when it was asked. */
  #contacted(sentAt: Instant): void {
    if (sentAt.monotonicMs > this.#lastContact.monotonicMs) this.#lastContact = sentAt
    this.#protocol.contacted?.(sentAt)
  }

  #move(event: MemberEvent): void {
    const next = memberMoves[this.#state][event]
    if (next === undefined)
      throw new TypeError(`a group member cannot handle '${event}' in state ${this.#state}`)
    this.#state = next
  }
}

export interface MemberIdentity {
  readonly groupId: string
  readonly memberId: string
  readonly generation: number
}
