import { ConnectError, isRetriable, type Logger } from '../../../api/index.ts'
import { abortReason, Backoff, sleep } from '../../timing/index.ts'
import { ClientOutages, Outages } from '../outages/index.ts'
import {
  brokerError,
  errorTypeOf,
  kafkaFailure,
  LEADER_NOT_AVAILABLE,
  noResponse,
  UNKNOWN_TOPIC,
} from './broker-errors.ts'
import { BrokerNode } from './broker-node.ts'
import type { KafkajsBroker, RawRequest } from './kafkajs.ts'
import { metadataRequest, readMetadata, type ClusterMetadata, type TopicMetadata } from './metadata.ts'
import type { ConnectionSettings } from './settings.ts'

/** Coordinator types of the protocol. */
const coordinatorKinds = { group: 0, transaction: 1 } as const
type CoordinatorKind = keyof typeof coordinatorKinds

export interface RetryLimits {
  readonly signal?: AbortSignal
  /** Time after which retries stop, in milliseconds. Retries do not stop by default. */
  readonly timeoutMs?: number
  /** The first delay between two attempts, in milliseconds; `retry.backoff.ms` by default. */
  readonly firstBackoffMs?: number
}

/** A client of one Kafka cluster. Caches its brokers, topic metadata, and coordinators. */
export class KafkaClient {
  readonly settings: ConnectionSettings
  readonly log: Logger
  /** Callers report here each failure that they retry, and the first success after it. */
  readonly outages: ClientOutages
  readonly #nodes = new Map<number, BrokerNode>()
  /** Also among the nodes if the broker has the same address there: it then has one connection, not two. */
  readonly #bootstrap: readonly BrokerNode[]
  /** Nodes that any caller may have chosen, once for each of their calls in progress. */
  readonly #inCall: BrokerNode[] = []
  readonly #topics = new Map<string, TopicMetadata>()
  readonly #coordinators = { group: new Map<string, number>(), transaction: new Map<string, number>() }
  readonly #closed = new AbortController()
  #cluster: Pick<ClusterMetadata, 'clusterId' | 'controllerId'> = { clusterId: null, controllerId: -1 }

  /** All clients of one owner share `outages`, so that an outage of all of them is logged once. */
  constructor(settings: ConnectionSettings, log: Logger, outages = new Outages(log)) {
    this.settings = settings
    this.log = log
    this.outages = new ClientOutages(outages)
    this.#bootstrap = settings.bootstrap.map(
      (address) => new BrokerNode(settings, address, log, this.outages),
    )
  }

  get clusterId(): string | null {
    return this.#cluster.clusterId
  }

  get brokerCount(): number {
    return this.#nodes.size
  }

  /** Returns the cached metadata of a topic; undefined if it was not requested or does not exist. */
  topic(name: string): TopicMetadata | undefined {
    return this.#topics.get(name)
  }

  /** Returns the node id of a partition's leader; undefined if there is none or it is unknown. */
  leader(topic: string, partition: number): number | undefined {
    const leader = this.#topics.get(topic)?.partitions[partition]?.leader
    return leader === undefined || leader < 0 ? undefined : leader
  }

  /** Drops the cached metadata of topics whose leaders may have changed. */
  forget(topics: readonly string[]): void {
    for (const topic of topics) this.#topics.delete(topic)
  }

  /** Refreshes the metadata of topics, or of all topics if `topics` is null. */
  async refresh(
    topics: readonly string[] | null,
    { createMissing = false, signal }: { createMissing?: boolean; signal?: AbortSignal } = {},
  ): Promise<ClusterMetadata> {
    const request = metadataRequest(topics, createMissing)
    const metadata = readMetadata(await this.#sendToAny(request, signal))
    await this.#adopt(metadata)
    return metadata
  }

  /** Calls a broker by node id. Throws `HR_KAFKA_UNAVAILABLE` or `HR_KAFKA_REFUSED`. */
  async withBroker<T>(
    nodeId: number,
    doing: string,
    call: (broker: KafkajsBroker) => Promise<T>,
  ): Promise<T> {
    try {
      return await call(await this.#node(nodeId).connected(this.#closed.signal))
    } catch (error) {
      throw kafkaFailure(error, doing)
    }
  }

  /** Calls any broker that responds. Throws the same errors as {@link withBroker}. */
  withAnyBroker<T>(doing: string, call: (broker: KafkajsBroker) => Promise<T>): Promise<T> {
    return this.#tryAll(doing, async (node) => call(await node.connected(this.#closed.signal)))
  }

  /** Calls the controller. Throws the same errors as {@link withBroker}. */
  async withController<T>(doing: string, call: (broker: KafkajsBroker) => Promise<T>): Promise<T> {
    if (!this.#nodes.has(this.#cluster.controllerId)) await this.refresh([])
    return this.withBroker(this.#cluster.controllerId, doing, call)
  }

  /** Sends a raw request to the controller. Throws the same errors as {@link withBroker}. */
  async sendToController(doing: string, request: RawRequest): Promise<Buffer> {
    if (!this.#nodes.has(this.#cluster.controllerId)) await this.refresh([])
    try {
      return await this.send(this.#cluster.controllerId, request)
    } catch (error) {
      throw kafkaFailure(error, doing)
    }
  }

  /** Sends a raw request to a broker by node id. Throws the same errors as {@link withBroker}. */
  async send(nodeId: number, request: RawRequest): Promise<Buffer> {
    try {
      return await this.#node(nodeId).send(request, this.#closed.signal)
    } catch (error) {
      throw kafkaFailure(error, `send ${request.apiName} to broker ${nodeId}`)
    }
  }

  /** Closes the connections to a broker that does not respond. */
  async disconnect(nodeId: number): Promise<void> {
    await this.#nodes.get(nodeId)?.disconnect()
  }

  /**
   * Resets all connections: requests in flight fail with `reason`, and what the brokers have not got yet is never sent.
   * The next request reconnects.
   */
  async reset(reason: ConnectError): Promise<void> {
    await Promise.all(this.#allNodes.map((node) => node.reset(reason)))
  }

  /** Like {@link disconnect}, for a broker that has not answered since a time in milliseconds since the epoch. */
  async abandon(nodeId: number, since: number): Promise<void> {
    const node = this.#nodes.get(nodeId)
    if (node === undefined) return
    const { host, port } = node.address
    await node.disconnect(noResponse(`${host}:${port}`, Date.now() - since))
  }

  /**
   * Returns the node id of the cached coordinator of a group or transactional id; undefined if it is unknown.
   */
  knownCoordinator(kind: CoordinatorKind, key: string): number | undefined {
    const nodeId = this.#coordinators[kind].get(key)
    return nodeId !== undefined && this.#nodes.has(nodeId) ? nodeId : undefined
  }

  /** Like {@link knownCoordinator}, but looks the coordinator up if it is unknown. */
  async coordinator(kind: CoordinatorKind, key: string): Promise<number> {
    const known = this.knownCoordinator(kind, key)
    if (known !== undefined) return known
    const doing = `find the coordinator of ${kind} ${key}`
    const request = { groupId: key, coordinatorType: coordinatorKinds[kind] }
    const { coordinator } = await this.withAnyBroker(doing, (broker) => broker.findGroupCoordinator(request))
    this.#learn(coordinator)
    this.#coordinators[kind].set(key, coordinator.nodeId)
    return coordinator.nodeId
  }

  /**
   * Calls a coordinator. A failure drops it from the cache, because the coordinator may have changed, unless it only
   * has to finish another transaction first.
   */
  async atCoordinator<T>(
    kind: CoordinatorKind,
    key: string,
    call: (nodeId: number) => Promise<T>,
  ): Promise<T> {
    try {
      return await call(await this.coordinator(kind, key))
    } catch (error) {
      if (errorTypeOf(error) !== 'CONCURRENT_TRANSACTIONS') this.forgetCoordinator(kind, key)
      throw error
    }
  }

  /** Drops a coordinator from the cache. Called when it does not respond or has changed. */
  forgetCoordinator(kind: CoordinatorKind, key: string): void {
    this.#coordinators[kind].delete(key)
  }

  /**
   * Retries a call with backoff until it succeeds, fails with a non-retriable error, is aborted, or times
   * out.
   */
  async retry<T>(
    doing: string,
    { signal, timeoutMs, firstBackoffMs = this.settings.retryBackoffMs }: RetryLimits,
    call: () => Promise<T>,
  ): Promise<T> {
    const backoff = new Backoff(firstBackoffMs, this.settings.retryBackoffMaxMs)
    const deadline = timeoutMs === undefined ? Infinity : Date.now() + timeoutMs
    const stops = [this.#closed.signal, ...(signal === undefined ? [] : [signal])]
    const need = {}
    try {
      for (;;) {
        const stop = stops.find((candidate) => candidate.aborted)
        if (stop !== undefined) throw abortReason(stop)
        try {
          return await call()
        } catch (error) {
          const failure = kafkaFailure(error, doing)
          if (!isRetriable(failure) || Date.now() >= deadline) throw failure
          this.outages.failing(need, failure)
          this.log.debug('retrying', { doing, reason: failure.message, type: errorTypeOf(failure) })
        }
        await sleep(backoff.next(), signal)
      }
    } finally {
      this.outages.recovered(need)
    }
  }

  /** Resolves to the given topics that exist. Throws if a topic cannot be described for any other reason. */
  async existingTopics(
    topics: readonly string[],
    { createMissing = false }: { createMissing?: boolean } = {},
  ): Promise<TopicMetadata[]> {
    const { topics: found } = await this.refresh(topics, { createMissing })
    for (const topic of found) {
      // A topic has no leader while it is being created
      const expected = [0, UNKNOWN_TOPIC, ...(createMissing ? [LEADER_NOT_AVAILABLE] : [])]
      if (!expected.includes(topic.errorCode))
        throw brokerError(topic.errorCode, `describe topic ${topic.topic}`)
    }
    return found.filter((topic) => topic.errorCode === 0)
  }

  /** Closes all connections; calls in progress fail. */
  async close(): Promise<void> {
    this.#closed.abort(new ConnectError('HR_KAFKA_UNAVAILABLE', 'The Kafka client was closed'))
    this.outages.close()
    await Promise.all(this.#allNodes.map((node) => node.disconnect()))
  }

  get #allNodes(): BrokerNode[] {
    return [...new Set([...this.#nodes.values(), ...this.#bootstrap])]
  }

  #node(nodeId: number): BrokerNode {
    const node = this.#nodes.get(nodeId)
    if (node === undefined) throw new ConnectError('HR_KAFKA_UNAVAILABLE', `Unknown broker ${nodeId}`)
    return node
  }

  async #sendToAny(request: RawRequest, signal?: AbortSignal): Promise<Buffer> {
    return this.#tryAll(`send ${request.apiName}`, (node) => node.send(request, signal))
  }

  /** Tries the known brokers, then the bootstrap addresses, since all known brokers may have moved. */
  async #tryAll<T>(doing: string, call: (node: BrokerNode) => Promise<T>): Promise<T> {
    let last = new ConnectError('HR_KAFKA_UNAVAILABLE', `Failed to ${doing}: no broker available`)
    for (const node of new Set([...shuffled([...this.#nodes.values()]), ...shuffled(this.#bootstrap)])) {
      if (this.#closed.signal.aborted) throw abortReason(this.#closed.signal)
      this.#inCall.push(node)
      try {
        return await call(node)
      } catch (error) {
        last = kafkaFailure(error, doing)
        // A broker responded, or the error is unexpected: another broker would not help
        if (errorTypeOf(last) !== undefined || last.code === 'HR_CONNECT') break
      } finally {
        this.#inCall.splice(this.#inCall.indexOf(node), 1)
      }
    }
    throw last
  }

  async #adopt(metadata: ClusterMetadata): Promise<void> {
    this.outages.reached()
    const { clusterId, controllerId } = metadata
    this.#cluster = { clusterId, controllerId }
    for (const broker of metadata.brokers) this.#learn(broker)
    for (const topic of metadata.topics) {
      if (topic.errorCode === 0) this.#topics.set(topic.topic, topic)
      else this.#topics.delete(topic.topic)
    }
    const live = new Set(metadata.brokers.map((broker) => broker.nodeId))
    for (const [nodeId, node] of this.#nodes) {
      if (live.has(nodeId)) continue
      this.#nodes.delete(nodeId)
      if (![...this.#nodes.values()].includes(node)) await node.disconnect()
    }
    await this.#leaveBootstrap()
  }

  /** Closes connections to bootstrap addresses: once brokers are known, only they are called. */
  async #leaveBootstrap(): Promise<void> {
    if (this.#nodes.size === 0) return
    const used = new Set([...this.#nodes.values(), ...this.#inCall])
    for (const node of this.#bootstrap) if (!used.has(node)) await node.disconnect()
  }

  #learn({ nodeId, host, port }: { nodeId: number; host: string; port: number }): void {
    const known = this.#nodes.get(nodeId)?.address
    if (known?.host === host && known.port === port) return
    void this.#nodes.get(nodeId)?.disconnect()
    const sameAddress = (node: BrokerNode) => node.address.host === host && node.address.port === port
    const node = this.#bootstrap.find(sameAddress)
    this.#nodes.set(nodeId, node ?? new BrokerNode(this.settings, { host, port }, this.log, this.outages))
  }
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, order: Math.random() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ item }) => item)
}
