import { ConnectError, type Props, type TaskProps } from '../../../api/index.ts'
import { exactlyOnceMode, type DistributedWorkerConfig } from '../../../config/index.ts'
import { GroupMember, type KafkaClient, type Outages } from '../../kafka/index.ts'
import {
  transactionalIdOf,
  type InstanceStatus,
  type RestartRequest,
  type TargetState,
  type TaskId,
} from '../../stores/index.ts'
import { parseLogLevel, type LogLevel } from '../../telemetry/index.ts'
import { Signal, type Lease } from '../../timing/index.ts'
import type {
  ConnectorInfo,
  ConnectorOffset,
  ConnectorStateInfo,
  Herder,
  HerderCommands,
  PutOptions,
} from '../herder.ts'
import type { Peers, RequestSignature } from '../peers.ts'
import { composeHerder } from '../shared/compose.ts'
import { HerderCore, type HerderParts } from '../shared/herder-core.ts'
import { tasksOf } from '../shared/task-configs.ts'
import type { ClusterQueries } from '../cluster.ts'
import { WorkSet, type Work } from './assignment/work.ts'
import { ConfigChanges } from './config-changes.ts'
import { AssignmentRunner } from './assignment-runner.ts'
import { Fencing } from './exactly-once/fencing.ts'
import { DistributedTaskAdmission } from './exactly-once/task-admission.ts'
import { Members } from './members/members.ts'
import { stoppedWork } from './members/stopped-work.ts'
import { Membership, type MembershipPorts } from './membership.ts'
import { WorkLease } from './work-lease.ts'
import { ConnectorRequests } from './requests/connector-requests.ts'
import { InternalRequests } from './requests/internal-requests.ts'
import { Leader } from './requests/leader.ts'
import { RequestQueue } from './requests/request-queue.ts'
import { HerderLoop } from './herder-loop.ts'
import { shutDown } from './shut-down.ts'

/**
 * How long Kafka may be unavailable before the worker is unhealthy. A little less than the timeout of callers, so that
 * they get the reason.
 */
const HEALTH_TIMEOUT_MS = 9000
/** Time in which an idle herder ends its tick, so that its stage shows that it is waiting for Kafka. */
const TICK_MS = 100

export interface DistributedParts extends HerderParts {
  readonly config: DistributedWorkerConfig
  /** Used for group membership; closed by the herder. */
  readonly client: KafkaClient
  /** Current outages of the worker's own Kafka clients. */
  readonly outages: Outages
  readonly peers: Peers
  /** The lease of the connectors and tasks of this worker, renewed by the herder. */
  readonly lease: Lease
}

/** Creates the herder of a distributed worker without starting it. Source: DistributedHerder. */
export function distributedHerder(parts: DistributedParts): Herder {
  const commands = new DistributedCommands(parts)
  return composeHerder(commands.core, commands)
}

/**
 * The leader writes requested changes to the config topic; every worker follows that topic and applies its
 * share in its own ticks.
 */
class DistributedCommands implements HerderCommands {
  readonly core: HerderCore
  readonly #parts: DistributedParts
  readonly #wake = new Signal()
  readonly #requests = new RequestQueue(() => this.#wake.notify())
  readonly #changes: ConfigChanges
  readonly #runner: AssignmentRunner
  readonly #members: Members
  readonly #membership: Membership
  readonly #member: GroupMember
  readonly #connectorRequests: ConnectorRequests
  readonly #internalRequests: InternalRequests
  readonly #admission: DistributedTaskAdmission
  readonly #loop: HerderLoop
  #running: Promise<void> = Promise.resolve()

  constructor(given: DistributedParts) {
    const end = new AbortController()
    this.#members = this.#createMembers(given, end.signal)
    const parts = { ...given, runtime: { ...given.runtime, ...this.#members.validation } }
    this.#parts = parts
    this.core = this.#createCore()
    this.core.stopped.signal.addEventListener('abort', () => end.abort(), { once: true })
    const { worker, views, reporter, lifecycle, deletionNotices, stages, stopped } = this.core
    const { config } = parts
    const requests = this.#requests
    const syncTimeoutMs = config['worker.sync.timeout.ms']
    const changes = new ConfigChanges(
      () => {
        this.#wake.notify()
        this.core.changed.notify()
      },
      (namespace, name) => this.#followLogLevel(namespace, name),
      () => this.core.configState.offset,
    )
    const runner = new AssignmentRunner({
      ...parts,
      worker,
      reporter,
      lifecycle,
      views,
      snapshot: () => this.core.configState,
    })
    const membership = this.#createMembership()
    const member = this.#createMember(membership)
    const fencing = this.#createFencing(syncTimeoutMs)
    const leader = this.#createLeader()
    const shared = { ...parts, worker, views, lifecycle, deletionNotices, membership, requests, stages }
    const offsets = this.core.connectorOffsets
    const fenceAsLeader = (name: string) => this.#internalRequests.fenceAsLeader(name)
    const fence = exactlyOnceMode(config) === 'enabled' ? fenceAsLeader : undefined
    this.#connectorRequests = new ConnectorRequests({ ...shared, offsets, syncTimeoutMs, fence })
    this.#internalRequests = new InternalRequests({ ...shared, leader, fencing })
    this.#admission = new DistributedTaskAdmission({
      ...shared,
      leader,
      fenceAsLeader,
      stopped: stopped.signal,
    })
    this.#loop = new HerderLoop({
      ...shared,
      member,
      runner,
      changes,
      wake: this.#wake,
      stopped: stopped.signal,
    })
    this.#changes = changes
    this.#runner = runner
    this.#membership = membership
    this.#member = member
  }

  #createCore(): HerderCore {
    return new HerderCore(this.#parts, {
      generation: () => this.#membership.generation,
      publish: (name, made) => this.#internalRequests.publish(name, made),
      renewValues: (name) => this.#renewValues(name),
      explainFailure: (name) => this.#members.explainFailure(name),
      fence: (name) => this.#admission.fence(name),
      verifyTask: (id, generation) => this.#admission.verifyTask(id, generation),
      statusChanged: (status) => this.#followStatus(status),
    })
  }

  #createMembers(parts: DistributedParts, stopped: AbortSignal): Members {
    return new Members({
      ...parts,
      snapshot: () => this.core.configState,
      configured: () => this.#configured(),
      membership: () => this.#membership,
      member: () => this.#member,
      stopped,
    })
  }

  #createMembership(): Membership {
    const { url, config, statuses, lease, log } = this.#parts
    const settings = {
      url,
      protocol: config['connect.protocol'],
      maxDelayMs: config['scheduled.rebalance.max.delay.ms'],
    }
    const members = this.#members
    const ports: MembershipPorts = {
      offset: () => this.core.configState.offset,
      configured: () => this.#configured(),
      stopAssigned: (work) => this.#runner.stopAssigned(work),
      traits: () => members.traits(),
      eligible: (workers) => members.eligible(workers),
      stopped: (workers) => stoppedWork(statuses, workers.values()),
      unplaced: (work) =>
        this.core.reporter.unplaced(new WorkSet(work).items(), (connector) =>
          members.reasonUnplaced(connector),
        ),
      lease: new WorkLease(lease, config['session.timeout.ms']),
    }
    return new Membership(settings, ports, log)
  }

  /** All configured connectors and tasks. */
  #configured(): Work {
    const { configState } = this.core
    const connectors = [...configState.connectors.keys()]
    return { connectors, tasks: connectors.flatMap((name) => tasksOf(configState, name)) }
  }

  #createMember(membership: Membership): GroupMember {
    const { client, config } = this.#parts
    const settings = {
      groupId: config['group.id'],
      sessionTimeoutMs: config['session.timeout.ms'],
      rebalanceTimeoutMs: config['rebalance.timeout.ms'],
      heartbeatIntervalMs: config['heartbeat.interval.ms'],
    }
    return new GroupMember(client, settings, membership, () => this.#wake.notify())
  }

  #createFencing(syncTimeoutMs: number): Fencing {
    const { config, configs, runtime } = this.#parts
    return new Fencing({
      configs,
      syncTimeoutMs,
      fenceProducers: (name, tasks) => {
        const ids = Array.from({ length: tasks }, (_, task) =>
          transactionalIdOf(config['group.id'], { connector: name, task }),
        )
        return runtime.fenceProducers(name, this.core.configState.connectors.get(name) ?? {}, ids)
      },
      inTurn: (step) => this.#requests.add(step),
    })
  }

  #createLeader(): Leader {
    return new Leader({
      peers: this.#parts.peers,
      url: () => this.#membership.leaderUrl,
      key: () => (this.#membership.signsRequests ? this.core.configState.sessionKey : undefined),
      algorithm: this.#parts.config['inter.worker.signature.algorithm'],
    })
  }

  get ready(): boolean {
    return this.#loop.hasTicked
  }
  get stage(): string {
    return this.core.stages.summary()
  }
  get cluster(): ClusterQueries {
    return this.#members.reader
  }

  /** Resolves once the stores are loaded; the worker joins the group in the background. */
  async start(): Promise<void> {
    const { configs, statuses, offsets, runtime } = this.#parts
    await this.core.stages.during('initializing and reading to the end of internal topics', () =>
      Promise.all([configs.start(this.#changes), statuses.start(), offsets.start(), runtime.discover()]),
    )
    this.#changes.addKnown(this.core.configState.connectors.keys())
    this.#running = this.#loop.run()
    this.#running.catch(() => {}) // ended() reports the error
  }

  ended(): Promise<void> {
    return this.#running
  }

  async stop(): Promise<void> {
    this.core.stopped.abort(new ConnectError('HR_CONNECT', 'Worker is shutting down'))
    this.#requests.close(new ConnectError('HR_CONNECT', 'Worker is shutting down'))
    // A pending join would keep the herder from ending its step
    const joining = this.#member.state === 'joining' ? this.#member.leave() : undefined
    const { worker, deletionNotices } = this.core
    const running = this.#running.catch(() => {}) // ended() has reported the error
    await this.core.stages.during('shutting down', () =>
      shutDown(running, {
        ...this.#parts,
        gracefulStopMs: this.#parts.config['task.shutdown.graceful.timeout.ms'],
        worker,
        deletionNotices,
        leave: async () => {
          await joining
          await this.#member.leave()
        },
      }),
    )
  }

  /**
   * Resolves once a tick has completed and no Kafka client of the worker is blocked. A Java worker does not
   * reach its next tick before that. Throws `HR_REQUEST_TIMEOUT` with the reason once a client has been blocked
   * for {@link HEALTH_TIMEOUT_MS}.
   */
  async healthy(): Promise<void> {
    await this.#requests.add(() => {})
    const { outages } = this.#parts
    const { blocked } = outages
    if (blocked === null) return
    const leftMs = blocked.since + HEALTH_TIMEOUT_MS - Date.now()
    if (await outages.ended(Math.max(TICK_MS, leftMs))) return
    throw new ConnectError('HR_REQUEST_TIMEOUT', outages.blocked?.reason ?? blocked.reason)
  }

  put(name: string, config: Props, options: PutOptions) {
    return this.#connectorRequests.put(name, config, options)
  }
  patch(name: string, changes: Props): Promise<ConnectorInfo> {
    return this.#connectorRequests.patch(name, changes)
  }
  delete(name: string): Promise<void> {
    return this.#connectorRequests.delete(name)
  }
  restartConnector(name: string): Promise<void> {
    return this.#connectorRequests.restartConnector(name)
  }
  restartTask(id: TaskId): Promise<void> {
    return this.#connectorRequests.restartTask(id)
  }
  restart(request: RestartRequest): Promise<ConnectorStateInfo> {
    return this.#connectorRequests.restart(request)
  }
  setTargetState(name: string, state: TargetState): Promise<void> {
    return this.#connectorRequests.setTargetState(name, state)
  }

  changeOffsets(name: string, offsets: readonly ConnectorOffset[] | null): Promise<boolean> {
    return this.#connectorRequests.changeOffsets(name, offsets)
  }

  putTaskConfigs(name: string, configs: readonly TaskProps[], signature: RequestSignature | undefined) {
    return this.#internalRequests.putTaskConfigs(name, configs, signature)
  }
  fence(name: string, signature: RequestSignature | undefined): Promise<void> {
    return this.#internalRequests.fence(name, signature)
  }

  /** Each worker applies the level when it reads the record in the config topic. */
  setClusterLogLevel(namespace: string, level: LogLevel): Promise<void> {
    return this.#parts.configs.putLoggerLevel(namespace, level)
  }

  #renewValues(name: string): void {
    const { worker, lifecycle } = this.core
    const restart = async () => {
      if (!worker.hasConnector(name)) return
      await worker.stopConnector(name)
      lifecycle.startInBackground(name)
    }
    this.#requests.add(restart, { connector: name }).catch(() => {}) // rejected only when the worker stops
  }

  /**
   * Another worker has stopped something, as one does before it leaves: its work should not wait for a heartbeat, nor for the
   * worker to return.
   */
  #followStatus({ state, workerId }: InstanceStatus): void {
    if (state !== 'UNASSIGNED' || workerId === this.#parts.workerId) return
    this.#member.expectRebalance()
    if (this.#membership.isLeader && this.#membership.scheduledAt !== undefined) this.#member.requestRejoin()
  }

  #followLogLevel(namespace: string, name: string): void {
    const level = parseLogLevel(name)
    if (level !== undefined) this.core.setLogLevel(namespace, level)
  }
}
