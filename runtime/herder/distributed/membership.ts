import type { Logger } from '../../../api/index.ts'
import type { GroupProtocol, JoinedMember } from '../../kafka/index.ts'
import type { Instant } from '../../timing/index.ts'
import { assignEagerly } from './assignment/eager-assignment.ts'
import type { EligibleWorkers } from './assignment/eligible-workers.ts'
import { IncrementalAssignor } from './assignment/incremental-assignment.ts'
import {
  CONFIG_MISMATCH,
  decodeAssignment,
  decodeMetadata,
  encodeAssignment,
  encodeMetadata,
  offeredProtocols,
  protocolVersions,
  type ProtocolName,
  type WorkerAssignment,
  type WorkerMetadata,
} from './assignment/protocol.ts'
import type { WorkerTraits } from './assignment/traits.ts'
import { noWork, WorkSet, type Item, type Work } from './assignment/work.ts'
import type { WorkLease } from './work-lease.ts'

/** Callbacks into the herder. */
export interface MembershipPorts {
  /** Position in the config log. */
  offset(): number
  /** All configured connectors and tasks. */
  configured(): Work
  /** Stops revoked work and waits until its states are written. */
  stopAssigned(work: Work): Promise<void>
  /** What this worker tells the leader. */
  traits(): WorkerTraits
  /** As leader: which members may run each connector. */
  eligible(workers: ReadonlyMap<string, WorkerMetadata>): EligibleWorkers
  /** As leader: tells what workers that are no longer members have stopped. */
  stopped(workers: ReadonlyMap<string, WorkerMetadata>): (item: Item) => boolean
  /** As leader: called with what no member may run. */
  unplaced(work: Work): void
  readonly lease: Pick<WorkLease, 'contacted' | 'applied' | 'lost'>
}

/** The outcome of a rebalance, until the herder has applied it. */
export interface Rebalance {
  readonly error: number
  /** Position in the config log that the assignment is based on. */
  readonly offset: number
  /** Whether work was revoked, so that another rebalance must follow. */
  readonly hasRevoked: boolean
}

/**
 * This worker's membership in the `connect` group: its metadata, the assignment it makes as leader, and its
 * own assignment.
 *
 * Source: WorkerCoordinator.
 */
export class Membership implements GroupProtocol {
  readonly type = 'connect'
  readonly #url: string
  readonly #offered: readonly ProtocolName[]
  readonly #ports: MembershipPorts
  readonly #incremental: IncrementalAssignor
  readonly #log: Logger
  #protocol: string | undefined
  #version = 0
  #memberId = ''
  #generation = -1
  #allocation = new WorkSet()
  #last: WorkerAssignment | undefined
  #pending: Rebalance | undefined
  #scheduledAt: number | undefined
  /** The member id of the leader when the membership was lost, while this worker claims the work it had then. */
  #claimedFrom: string | undefined
  /** As leader: the assignment and REST URL of each worker. */
  readonly #owners = new Map<string, { readonly url: string; readonly work: WorkSet }>()
  /** As leader: the work that members reported or were assigned in the last rebalance. */
  #inUse = new WorkSet()

  constructor(
    settings: { readonly url: string; readonly protocol: string; readonly maxDelayMs: number },
    ports: MembershipPorts,
    log: Logger,
  ) {
    this.#url = settings.url
    this.#offered = offeredProtocols[settings.protocol.toLowerCase()] ?? ['default']
    this.#ports = ports
    this.#incremental = new IncrementalAssignor(settings.maxDelayMs)
    this.#log = log
  }

  get generation(): number {
    return this.#generation
  }
  /** The protocol that the coordinator has chosen; undefined before the first rebalance. */
  get protocol(): string | undefined {
    return this.#protocol
  }
  get isLeader(): boolean {
    return this.#last !== undefined && this.#last.leader === this.#memberId
  }
  get leaderUrl(): string | undefined {
    return this.#last?.leaderUrl
  }
  /** Whether all work is revoked before each rebalance, and may be reassigned as soon as a session ends. */
  get isEager(): boolean {
    return this.#version === 0
  }
  /** Whether requests between workers must be signed. */
  get signsRequests(): boolean {
    return this.#version >= protocolVersions.sessioned
  }
  /** The work assigned to this worker. */
  get allocation(): WorkSet {
    return this.#allocation
  }
  /** When the next rebalance is due, in milliseconds since the epoch; undefined when none is scheduled. */
  get scheduledAt(): number | undefined {
    return this.#scheduledAt
  }
  /** The outcome of the last rebalance, until it is applied. */
  get pending(): Rebalance | undefined {
    return this.#pending
  }

  /** Marks the outcome of the last rebalance as applied: this worker runs what is assigned to it. */
  applied(): void {
    this.#pending = undefined
    this.#ports.lease.applied()
  }

  /** Drops the outcome of the last rebalance, because another one follows. */
  superseded(): void {
    this.#pending = undefined
  }

  contacted(sentAt: Instant): void {
    this.#ports.lease.contacted(sentAt)
  }

  /** Gives up all assigned work: the coordinator has been unreachable for too long. */
  async abandonAssignment(): Promise<void> {
    const work = this.#allocation.toWork()
    this.#allocation = new WorkSet()
    this.#last = undefined
    await this.#ports.stopAssigned(work)
  }

  /** REST URL of the worker that a connector is assigned to; known only to the leader. */
  ownerOfConnector(name: string): string | undefined {
    return [...this.#owners.values()].find(({ work }) => work.connectors.has(name))?.url
  }

  ownerOfTask(key: string): string | undefined {
    return [...this.#owners.values()].find(({ work }) => work.tasks.has(key))?.url
  }

  /**
   * Whether a member may run the connector or a task of it, as of the last rebalance; known only to the leader.
   * A member joins a rebalance after it has stopped what the one before revoked.
   */
  mayRun(connector: string): boolean {
    const { connectors, tasks } = this.#inUse
    return connectors.has(connector) || [...tasks.values()].some((id) => id.connector === connector)
  }

  offered(): { name: string; metadata: Buffer }[] {
    const allocation: WorkerAssignment | null =
      this.#last === undefined
        ? null
        : { ...this.#last, assigned: this.#allocation.toWork(), revoked: noWork }
    const traits = this.#ports.traits()
    const metadata: WorkerMetadata = { url: this.#url, offset: this.#ports.offset(), allocation, traits }
    return this.#offered.map((name) => ({ name, metadata: encodeMetadata(metadata, protocolVersions[name]) }))
  }

  /** The eager protocol revokes all work before each rebalance; the others revoke only what moves. */
  async prepare(): Promise<void> {
    if (this.#version !== 0 || this.#allocation.isEmpty) return
    const work = this.#allocation.toWork()
    this.#allocation = new WorkSet()
    await this.#ports.stopAssigned(work)
  }

  assign(
    protocol: string,
    self: { readonly id: string; readonly generation: number },
    members: readonly JoinedMember[],
  ): Map<string, Buffer> {
    const version = protocolVersions[protocol as ProtocolName]
    const workers = new Map(members.map(({ id, metadata }) => [id, decodeMetadata(metadata)]))
    const newest = Math.max(...[...workers.values()].map(({ offset }) => offset))
    const offset = this.#ports.offset()
    const common = { leader: self.id, leaderUrl: this.#url }
    if (offset < newest) {
      const mismatch = {
        ...common,
        error: CONFIG_MISMATCH,
        offset: newest,
        assigned: noWork,
        revoked: noWork,
        delay: 0,
      }
      return new Map([...workers.keys()].map((id) => [id, encodeAssignment(mismatch, version)]))
    }
    const shares =
      version === 0 ? this.#assignEagerly(workers) : this.#assignIncrementally(workers, self.generation)
    return new Map(
      [...shares].map(([id, share]) => [
        id,
        encodeAssignment({ ...common, error: 0, offset, ...share }, version),
      ]),
    )
  }

  async assigned({
    assignment,
    protocol,
    memberId,
    generation,
  }: Parameters<GroupProtocol['assigned']>[0]): Promise<void> {
    const received = decodeAssignment(assignment)
    this.#protocol = protocol
    await this.#checkClaim(received)
    this.#version = protocolVersions[protocol as ProtocolName]
    this.#memberId = memberId
    this.#generation = generation
    this.#last = received
    this.#scheduledAt = received.delay > 0 ? Date.now() + received.delay : undefined
    const revoked = new WorkSet(received.revoked)
    if (this.#version === 0) this.#allocation = new WorkSet(received.assigned)
    else this.#allocation = this.#allocation.minus(revoked).add(received.assigned)
    this.#pending = { error: received.error, offset: received.offset, hasRevoked: !revoked.isEmpty }
    if (!revoked.isEmpty) await this.#ports.stopAssigned(received.revoked)
    this.#log.info('joined the cluster', {
      generation,
      leader: received.leaderUrl,
      protocol,
      connectors: this.#allocation.connectors.size,
      tasks: this.#allocation.tasks.size,
      ...(received.delay > 0 ? { delayMs: received.delay } : {}),
    })
  }

  /** Called when the group has removed this worker. */
  async lost(): Promise<void> {
    this.#log.warn('the group coordinator has removed this worker from the cluster; rejoining')
    await this.left()
  }

  /**
   * Called when this worker is no longer a member. The work rests until the next assignment, for which a follower
   * claims what it has: the leader reserves it for `scheduled.rebalance.max.delay.ms`. A worker that led gives up its
   * work: the next leader does not know who had it, and gives it out at once.
   */
  async left(): Promise<void> {
    this.#ports.lease.lost()
    if (this.isLeader) await this.abandonAssignment()
    else this.#claimedFrom = this.#last?.leader
  }

  /**
   * Stops the claimed work, to start it from its stored offsets, if another worker leads now: that one may have given
   * it out in between.
   */
  async #checkClaim({ leader }: WorkerAssignment): Promise<void> {
    const claimedFrom = this.#claimedFrom
    this.#claimedFrom = undefined
    if (claimedFrom !== undefined && claimedFrom !== leader)
      await this.#ports.stopAssigned(this.#allocation.toWork())
  }

  #assignEagerly(workers: ReadonlyMap<string, WorkerMetadata>) {
    const eligible = this.#ports.eligible(workers)
    const shares = assignEagerly([...workers.keys()], this.#ports.configured(), eligible)
    this.#noteOwners(workers, shares)
    return new Map([...shares].map(([id, assigned]) => [id, { assigned, revoked: noWork, delay: 0 }]))
  }

  #assignIncrementally(workers: ReadonlyMap<string, WorkerMetadata>, generation: number) {
    const holdings = new Map([...workers].map(([id, { allocation }]) => [id, allocation?.assigned ?? noWork]))
    const urls = new Map([...workers].map(([id, { url }]) => [id, url]))
    const eligible = this.#ports.eligible(workers)
    const hasStopped = this.#ports.stopped(workers)
    const round = { generation, completed: this.#generation, urls, eligible, hasStopped }
    const shares = this.#incremental.assign(holdings, this.#ports.configured(), round)
    this.#ports.unplaced(shares.unplaced)
    const total = new Map(
      [...holdings].map(([id, held]) => {
        const kept = new WorkSet(held).minus(new WorkSet(shares.revoked.get(id) ?? noWork))
        return [id, kept.add(shares.assigned.get(id) ?? noWork).toWork()]
      }),
    )
    this.#noteOwners(workers, total)
    return new Map(
      [...workers.keys()].map((id) => [
        id,
        {
          assigned: shares.assigned.get(id) ?? noWork,
          revoked: shares.revoked.get(id) ?? noWork,
          delay: shares.delay,
        },
      ]),
    )
  }

  #noteOwners(workers: ReadonlyMap<string, WorkerMetadata>, shares: ReadonlyMap<string, Work>): void {
    this.#owners.clear()
    this.#inUse = new WorkSet()
    for (const { allocation } of workers.values()) this.#inUse.add(allocation?.assigned ?? noWork)
    for (const [id, work] of shares) {
      this.#inUse.add(work)
      this.#owners.set(id, { url: workers.get(id)?.url ?? '', work: new WorkSet(work) })
    }
  }
}
