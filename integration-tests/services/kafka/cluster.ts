import type { LoginMechanism } from './security.ts'

/** A Kafka cluster started by the tests. Its brokers can be stopped and killed. */
export interface KafkaCluster {
  /** The addresses for clients, in the format of `bootstrap.servers`. */
  readonly bootstrapServers: string
  readonly brokers: readonly Broker[]
  /** The settings that a client needs to authenticate; empty if the cluster requires none. */
  clientProps(mechanism?: LoginMechanism): Record<string, string>
  stop(): Promise<void>
}

/** A broker, which is also a controller. */
export interface Broker {
  readonly id: number
  /** host:port for clients; the same after a restart. */
  readonly address: string
  /** Shuts the broker down gracefully. */
  stop(): Promise<void>
  kill(): Promise<void>
  /** Suspends the broker's process: its connections stay open, but it does not respond until {@link thaw}. */
  freeze(): Promise<void>
  /** Resumes the broker's process. */
  thaw(): Promise<void>
  /** Restarts the broker with its data. Resolves once it serves clients. */
  start(): Promise<void>
}

export interface KafkaOptions {
  /** Number of brokers, and of replicas of each topic. */
  readonly brokers?: 1 | 3
  readonly security?: 'PLAINTEXT' | 'SASL_SSL'
  /** Additional broker settings. */
  readonly props?: Readonly<Record<string, string>>
  /** Called before a step that takes time, with its description. */
  readonly report?: (text: string) => void
}

/** The log line of a broker that is ready for clients. */
export const STARTED = /Kafka Server started/

export const START_TIMEOUT_MS = 120_000
