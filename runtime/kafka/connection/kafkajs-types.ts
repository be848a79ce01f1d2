import type { Socket } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import type { SilenceWatch } from './silence.ts'

/**
 * The internals of kafkajs 2.2.4 that we use and that its own typings omit. Not declared as modules of
 * kafkajs, because users of this package would not get such declarations.
 */

type Log = (message: string, fields?: object) => void

export interface KafkajsLogger extends Readonly<Record<'error' | 'warn' | 'info' | 'debug', Log>> {
  namespace(name: string): KafkajsLogger
}

export interface PoolOptions {
  host: string
  port: number
  ssl: ConnectionOptions | null
  sasl: unknown
  clientId: string
  connectionTimeout: number
  requestTimeout: number
  enforceRequestTimeout: boolean
  maxInFlightRequests: number | null
  reauthenticationThreshold: number
  logger: KafkajsLogger
  socketFactory: (options: {
    host: string
    port: number
    ssl: ConnectionOptions | null
    onConnect: () => void
  }) => Socket
}

export interface SentRequest {
  entry: {
    apiKey: number
    apiName: string
    apiVersion: number
    correlationId: number
    /** How long the broker may hold the request, in milliseconds; 0 by default. */
    holdMs?: number
    resolve: (answer: { payload: Buffer }) => void
    reject: (error: unknown) => void
  }
  expectResponse: boolean
  requestTimeout: number | null
  sendRequest: () => void
}

/** A request that was sent and has no response yet. */
interface KafkajsInflight {
  readonly entry: SentRequest['entry']
  readonly sentAt: number
  readonly requestTimeout: number
  timeoutRequest(): void
}

export interface KafkajsRequestQueue {
  readonly inflight: Map<number, KafkajsInflight>
  readonly enforceRequestTimeout: boolean
  readonly requestTimeout: number
  requestTimeoutIntervalId: NodeJS.Timeout | undefined
  /** Ours: called with the oldest request in flight each time that timeouts are checked; without one before and after. */
  onCheck?: (oldest: KafkajsInflight | undefined) => void
  /** Ours: called when the connection is closed. */
  onClose?: () => void
  isConnected(): boolean
  destroy(): void
  scheduleRequestTimeoutCheck(): void
  pending: unknown[]
  throttledUntil: number
  throttleCheckTimeoutId: NodeJS.Timeout | null
  push(request: SentRequest): void
  sendSocketRequest(request: object): void
  checkPendingRequests(): void
  scheduleCheckPendingRequests(): void
  rejectAll(error: Error): void
}

export interface KafkajsConnection {
  readonly host: string
  readonly port: number
  readonly clientId: string
  readonly sasl: unknown
  readonly socket: Socket | undefined
  readonly requestQueue: KafkajsRequestQueue
  /** Ours. */
  silence?: SilenceWatch
  /** Chunks of an incomplete response. */
  chunks: Buffer[]
  readonly bytesBuffered: number
  processData(data: Buffer): void
  /** The versions of the requests that the broker supports; null until they are known. */
  readonly versions: object | null
  setVersions(versions: object | null): void
  readonly supportAuthenticationProtocol: boolean | null
  setSupportAuthenticationProtocol(isSupported: boolean | null): void
  connect(): Promise<boolean>
  isConnected(): boolean
  isAuthenticated(): boolean
  authenticate(): Promise<void>
  nextCorrelationId(): number
  rejectRequests(error: Error): void
  disconnect(): Promise<boolean>
}

export interface KafkajsPool {
  readonly host: string
  readonly port: number
  pool: KafkajsConnection[]
  getConnection(index?: number): Promise<KafkajsConnection>
  destroy(): Promise<void>
}

interface TopicPartitions<T> {
  topic: string
  partitions: T[]
}

export interface KafkajsBroker {
  readonly connectionPool: KafkajsPool
  isConnected(): boolean
  connect(): Promise<void>
  disconnect(): Promise<void>
  findGroupCoordinator(request: { groupId: string; coordinatorType: number }): Promise<{
    coordinator: { nodeId: number; host: string; port: number }
  }>
  heartbeat(request: { groupId: string; groupGenerationId: number; memberId: string }): Promise<unknown>
  leaveGroup(request: { groupId: string; memberId: string }): Promise<unknown>
  listOffsets(request: {
    replicaId: number
    isolationLevel: number
    topics: TopicPartitions<{ partition: number; timestamp: number }>[]
  }): Promise<{ responses: TopicPartitions<{ partition: number; offset: string }>[] }>
  offsetCommit(request: {
    groupId: string
    groupGenerationId: number
    memberId: string
    retentionTime?: number
    topics: TopicPartitions<{ partition: number; offset: string; metadata?: string }>[]
  }): Promise<unknown>
  offsetFetch(request: {
    groupId: string
    topics: TopicPartitions<{ partition: number }>[] | undefined
  }): Promise<{
    responses: TopicPartitions<{ partition: number; offset: string; metadata: string | null }>[]
  }>
  describeConfigs(request: {
    resources: { type: number; name: string; configNames?: string[] }[]
    includeSynonyms?: boolean
  }): Promise<{
    resources: { resourceName: string; configEntries: { configName: string; configValue: string }[] }[]
  }>
  describeGroups(request: {
    groupIds: string[]
  }): Promise<{ groups: { errorCode: number; groupId: string; state: string; members: unknown[] }[] }>
  deleteGroups(groupIds: string[]): Promise<{ results: { groupId: string; errorCode: number }[] }>
  initProducerId(request: {
    transactionalId?: string
    transactionTimeout?: number
  }): Promise<{ producerId: string; producerEpoch: number }>
  addPartitionsToTxn(request: {
    transactionalId: string
    producerId: string
    producerEpoch: number
    topics: TopicPartitions<number>[]
  }): Promise<unknown>
  endTxn(request: {
    transactionalId: string
    producerId: string
    producerEpoch: number
    transactionResult: boolean
  }): Promise<unknown>
}

/** Modules of kafkajs without typings. */
export interface KafkajsInternals {
  readonly Broker: new (options: {
    connectionPool: KafkajsPool
    logger: KafkajsLogger
    authenticationTimeout: number
  }) => KafkajsBroker
  readonly Connection: {
    new (options: PoolOptions): KafkajsConnection
    readonly prototype: KafkajsConnection
  }
  readonly ConnectionPool: new (options: PoolOptions) => KafkajsPool
  readonly RequestQueue: { readonly prototype: KafkajsRequestQueue }
}
