import type { ConnectError } from '../../../api/index.ts'
import { KafkaClient } from '../connection/client.ts'
import type { KafkajsBroker, RawRequest } from '../connection/kafkajs.ts'
import type { ClusterMetadata, TopicMetadata } from '../connection/metadata.ts'
import { answerJoin, type FakeJoins } from '../group/test/join-answers.ts'
import type { Outages } from '../outages/index.ts'
import { silentLogger } from '../../telemetry/index.ts'

/** The behavior of a fake cluster. */
export interface FakeBrokers {
  /** Number of partitions by topic; may change. */
  readonly topics: Readonly<Record<string, number>>
  /** Node id of a partition's leader; undefined while there is none. By default 1. */
  leader?(topic: string, partition: number): number | undefined
  /** Responds to a request that is encoded without kafkajs. */
  send?(nodeId: number, request: RawRequest): Promise<Buffer>
  /** Respond to requests of kafkajs; any other call fails the test. */
  readonly calls?: Partial<KafkajsBroker>
  /** Responds to joining members. */
  readonly joins?: Partial<FakeJoins>
  /** `metadata.max.age.ms`; by default a minute. */
  readonly metadataMaxAgeMs?: number
  /** `retry.backoff.ms`; by default 1. */
  readonly retryBackoffMs?: number
}

const settings = {
  bootstrap: [{ host: 'localhost', port: 9 }],
  clientId: 'test',
  ssl: null,
  sasl: null,
  requestTimeoutMs: 1000,
  connectionSetupTimeoutMs: 1000,
  reconnectBackoffMs: 1,
  reconnectBackoffMaxMs: 1,
  retryBackoffMs: 1,
  retryBackoffMaxMs: 2,
  metadataMaxAgeMs: 60_000,
}

/** A client whose brokers are functions; it never opens a connection. */
export class FakeCluster extends KafkaClient {
  readonly #brokers: FakeBrokers
  #coordinatorKnown = false
  refreshes = 0
  /** Why connections were reset. */
  readonly resets: string[] = []
  coordinatorLookUps = 0

  constructor(brokers: FakeBrokers, outages?: Outages) {
    const { metadataMaxAgeMs = settings.metadataMaxAgeMs, retryBackoffMs = settings.retryBackoffMs } = brokers
    const retryBackoffMaxMs = Math.max(retryBackoffMs, settings.retryBackoffMaxMs)
    super({ ...settings, metadataMaxAgeMs, retryBackoffMs, retryBackoffMaxMs }, silentLogger, outages)
    this.#brokers = brokers
  }

  override topic(name: string): TopicMetadata | undefined {
    const count = this.#brokers.topics[name]
    if (count === undefined) return undefined
    const partitions = Array.from({ length: count }, (_, partition) => ({
      partition,
      leader: this.leader(name, partition) ?? -1,
      replicas: 1,
    }))
    return { topic: name, errorCode: 0, partitions }
  }

  override leader(topic: string, partition: number): number | undefined {
    return this.#brokers.leader === undefined ? 1 : this.#brokers.leader(topic, partition)
  }

  override async refresh(topics: readonly string[] | null): Promise<ClusterMetadata> {
    this.refreshes++
    const names = topics ?? Object.keys(this.#brokers.topics)
    return {
      brokers: [{ nodeId: 1, host: 'localhost', port: 9 }],
      clusterId: 'fake',
      controllerId: 1,
      topics: names.map((name) => this.topic(name) ?? { topic: name, errorCode: 3, partitions: [] }),
    }
  }

  override async reset(reason: ConnectError): Promise<void> {
    this.resets.push(reason.message)
  }

  override async send(nodeId: number, request: RawRequest): Promise<Buffer> {
    const joined = answerJoin(this.#brokers.joins ?? {}, request)
    if (joined !== undefined) return joined
    if (this.#brokers.send === undefined) throw new TypeError(`${request.apiName} was not expected`)
    return this.#brokers.send(nodeId, request)
  }

  override async withBroker<T>(
    _nodeId: number,
    _doing: string,
    call: (broker: KafkajsBroker) => Promise<T>,
  ): Promise<T> {
    return call(this.#brokers.calls as KafkajsBroker) // a test implements only what its subject calls
  }

  override withAnyBroker<T>(doing: string, call: (broker: KafkajsBroker) => Promise<T>): Promise<T> {
    return this.withBroker(1, doing, call)
  }

  override async coordinator(): Promise<number> {
    if (!this.#coordinatorKnown) this.coordinatorLookUps++
    this.#coordinatorKnown = true
    return 1
  }

  override knownCoordinator(): number | undefined {
    return this.#coordinatorKnown ? 1 : undefined
  }

  override forgetCoordinator(): void {
    this.#coordinatorKnown = false
  }
}

/** The error of a lost connection. */
export const lostConnection = (): Error => Object.assign(new Error('Connection closed'), { retriable: true })
