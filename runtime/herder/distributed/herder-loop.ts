import { isConnectError, messageOf, type Logger } from '../../../api/index.ts'
import type { DistributedWorkerConfig } from '../../../config/index.ts'
import type { GroupMember, Outages } from '../../kafka/index.ts'
import type { ConfigStore } from '../../stores/index.ts'
import { Backoff, sleep, type Signal } from '../../timing/index.ts'
import type { DeletionNotices } from '../shared/deletion-notices.ts'
import type { StageTracker } from '../shared/stage.ts'
import type { ConfigChanges } from './config-changes.ts'
import type { AssignmentRunner } from './assignment-runner.ts'
import type { Membership } from './membership.ts'
import type { RequestQueue } from './requests/request-queue.ts'
import { keyExpiry, newSessionKey } from './session-key.ts'
import { tick, type StepResult, type TickSteps } from './tick.ts'

const FIRST_PAUSE_MS = 50
const MAX_PAUSE_MS = 1000
const LONGEST_REST_MS = 60_000
/** Attempts to catch up with the config topic before the assigned work is given up. */
const CATCH_UP_TRIES = 5

const ENSURING_MEMBERSHIP = 'ensuring membership in the cluster'

export interface HerderLoopParts {
  readonly config: DistributedWorkerConfig
  readonly configs: ConfigStore
  readonly member: Pick<
    GroupMember,
    'ensureActive' | 'requestRejoin' | 'leave' | 'allowRejoin' | 'lastContact'
  >
  readonly membership: Pick<
    Membership,
    | 'pending'
    | 'applied'
    | 'superseded'
    | 'left'
    | 'abandonAssignment'
    | 'allocation'
    | 'scheduledAt'
    | 'isLeader'
    | 'generation'
    | 'mayRun'
    | 'isEager'
    | 'signsRequests'
  >
  readonly runner: Pick<AssignmentRunner, 'startAssigned' | 'apply' | 'forgetRemoved'>
  readonly deletionNotices: Pick<DeletionNotices, 'stopped' | 'drop'>
  readonly changes: ConfigChanges
  readonly requests: RequestQueue
  readonly stages: StageTracker
  readonly outages: Pick<Outages, 'blocked'>
  /** Notified when there may be work for the next tick. */
  readonly wake: Signal
  readonly stopped: AbortSignal
  readonly log: Logger
}

/** Repeats the ticks of a distributed herder until it is stopped. Source: DistributedHerder.run. */
export class HerderLoop implements TickSteps {
  readonly #parts: HerderLoopParts
  readonly #backoff = new Backoff(FIRST_PAUSE_MS, MAX_PAUSE_MS)
  /** Whether the config log has unread records. */
  #behind = false
  #catchUpTries = CATCH_UP_TRIES
  #hasTicked = false
  /** Generation in which this worker last claimed the write privileges. */
  #claimedIn = -1

  constructor(parts: HerderLoopParts) {
    this.#parts = parts
  }

  /** Whether a whole tick has completed. */
  get hasTicked(): boolean {
    return this.#hasTicked
  }

  /** Throws `HR_KAFKA_REFUSED` when the group rejects this worker. */
  async run(): Promise<void> {
    const { stopped } = this.#parts
    while (!stopped.aborted) {
      const result = await tick(this).catch((error: unknown) => this.#failed(error))
      if (result !== 'pause') this.#backoff.reset()
      if (result === 'pause') await sleep(this.#backoff.next(), stopped)
      if (result === 'rest') await this.#rest()
    }
  }

  async catchUp(): Promise<StepResult> {
    if (!this.#behind) return 'continue'
    const { configs, config, stages, member, membership, log } = this.#parts
    try {
      const timeoutMs = config['worker.sync.timeout.ms']
      await stages.during('reading to the end of the config topic', () => configs.refresh(timeoutMs))
    } catch (error) {
      // Other workers wait for a member that cannot catch up; leaving lets them continue
      log.warn('cannot read to the end of the config topic; leaving the cluster until it can be read', {
        reason: messageOf(error),
      })
      await member.leave()
      await membership.left()
      await this.#backOff()
      return 'pause'
    }
    this.#behind = false
    this.#catchUpTries = CATCH_UP_TRIES
    member.allowRejoin()
    return 'continue'
  }

  async joinCluster(): Promise<StepResult> {
    const { member, membership, stages } = this.#parts
    if (membership.scheduledAt !== undefined && Date.now() >= membership.scheduledAt) member.requestRejoin()
    if (this.#abandonAt !== undefined && Date.now() >= this.#abandonAt) {
      this.#parts.log.error(
        'the group coordinator was unreachable for too long; stopping all connectors and tasks of this worker',
      )
      member.requestRejoin()
      await membership.abandonAssignment()
    }
    const active = await stages.during(ENSURING_MEMBERSHIP, () => member.ensureActive(), this.#outageStart)
    return active ? 'continue' : 'pause'
  }

  async startAssignedWork(): Promise<StepResult> {
    const { member, membership, configs, runner, changes, deletionNotices, stages } = this.#parts
    const outcome = membership.pending
    if (outcome === undefined) return 'continue'
    const { offset } = configs.snapshot()
    if (outcome.error === 0 && offset < outcome.offset) {
      this.#behind = true
      return 'again'
    }
    // Records that change no work do not make the assignment wrong
    if (outcome.error !== 0 || changes.exceed(outcome.offset)) {
      membership.superseded()
      this.#behind = outcome.error !== 0
      member.requestRejoin()
      return 'again'
    }
    const count = membership.allocation.connectors.size + membership.allocation.tasks.size
    await stages.during(`starting ${count} connector(s) and task(s) after a rebalance`, () =>
      runner.startAssigned(membership.allocation),
    )
    if (membership.isLeader) {
      runner.forgetRemoved()
      deletionNotices.stopped((name) => membership.mayRun(name))
    } else deletionNotices.drop('another worker leads the cluster')
    membership.applied() // only now: if a step above fails, the next tick applies the same outcome
    if (!outcome.hasRevoked) return 'continue'
    member.requestRejoin()
    return 'again'
  }

  /**
   * Claims the privileges after each rebalance in which this worker leads, and again after it has lost them to another
   * worker that took itself for the leader. Source: DistributedHerder.tick, RebalanceListener.onAssigned (KIP-618).
   */
  async claimWritePrivileges(): Promise<StepResult> {
    const { membership, configs, stages, log } = this.#parts
    const { generation, isLeader } = membership
    if (!isLeader || (configs.hasWritePrivileges && this.#claimedIn === generation)) return 'continue'
    try {
      const stage = 'claiming write privileges for the config topic'
      await stages.during(stage, () => configs.claimWritePrivileges())
      this.#claimedIn = generation
      return 'continue'
    } catch (error) {
      const reason = messageOf(error)
      log.warn('cannot claim the privileges to write to the config topic as leader; retrying', { reason })
      return 'pause'
    }
  }

  async renewSessionKey(): Promise<StepResult> {
    const { config, configs, stages, log } = this.#parts
    if (Date.now() < this.#keyExpiry) return 'continue'
    try {
      const key = newSessionKey(config, Date.now())
      await stages.during('writing a new session key to the config topic', () => configs.putSessionKey(key))
      return 'continue'
    } catch (error) {
      log.warn('cannot write a new session key to the config topic; retrying', { reason: messageOf(error) })
      this.#behind = true
      return 'pause'
    }
  }

  async applyChanges(): Promise<StepResult> {
    const { changes, runner, member } = this.#parts
    const pending = changes.take()
    // First, so that a failing step cannot lose it: instances stopped below start again only after a
    // rebalance
    if (pending.rebalance) member.requestRejoin()
    await runner.apply(pending)
    return pending.rebalance ? 'again' : 'continue'
  }

  async runRequest(): Promise<StepResult> {
    this.#hasTicked = true
    return (await this.#parts.requests.runNext()) ? 'again' : 'continue'
  }

  /**
   * When this worker gives up its work: the session has expired, and so has the delay that the group grants for a
   * worker to return. Until then its tasks wait for the lease, and nothing is left running here afterwards.
   */
  get #abandonAt(): number | undefined {
    const { member, membership, config } = this.#parts
    if (membership.allocation.isEmpty) return undefined
    const grace = membership.isEager ? 0 : config['scheduled.rebalance.max.delay.ms']
    return member.lastContact + config['session.timeout.ms'] + grace
  }

  get #keyExpiry(): number {
    const { config, configs, membership } = this.#parts
    if (!membership.isLeader || !membership.signsRequests) return Infinity
    return keyExpiry(configs.snapshot().sessionKey, config)
  }

  /**
   * Source: DistributedHerder.backoff: with the incremental protocols the worker keeps its work for some
   * attempts.
   */
  async #backOff(): Promise<void> {
    const { config, membership, stages, stopped } = this.#parts
    if (!membership.isEager && this.#catchUpTries === 0) {
      this.#catchUpTries = CATCH_UP_TRIES
      return membership.abandonAssignment()
    }
    const maxDelayMs = config['scheduled.rebalance.max.delay.ms']
    const ms = membership.isEager
      ? config['worker.unsync.backoff.ms']
      : maxDelayMs / 10 / this.#catchUpTries--
    await stages.during(`sleeping for a backoff duration of ${ms}ms`, () => sleep(ms, stopped))
  }

  async #rest(): Promise<void> {
    const { membership, stages, outages, wake, stopped } = this.#parts
    const due = [membership.scheduledAt, this.#abandonAt, this.#keyExpiry].filter(
      (at): at is number => at !== undefined && at !== Infinity,
    )
    const restMs = Math.max(0, Math.min(Date.now() + LONGEST_REST_MS, ...due) - Date.now())
    const stage =
      outages.blocked === null
        ? `polling the group coordinator for up to ${restMs}ms or until interrupted`
        : ENSURING_MEMBERSHIP // a Java worker waits for the coordinator in that step
    await stages.during(stage, () => wake.wait(restMs, stopped), this.#outageStart)
  }

  /** During an outage, every request wakes the herder, but the stage has lasted since the outage began. */
  get #outageStart(): Date | undefined {
    const { blocked } = this.#parts.outages
    return blocked === null ? undefined : new Date(blocked.since)
  }

  #failed(error: unknown): 'pause' {
    if (isConnectError(error) && error.code === 'HR_KAFKA_REFUSED') throw error
    this.#parts.log.error('the herder loop failed; retrying', { reason: messageOf(error) })
    return 'pause'
  }
}
