import type { LoginMechanism } from './security.ts'

/** A Kafka cluster of our own: its brokers may be stopped and killed. */
export interface KafkaCluster {
  /** Addresses for clients, as `bootstrap.servers` takes them. */
  readonly bootstrapServers: string
  readonly brokers: readonly Broker[]
  /** Settings, by Kafka's names, with which a client comes in; none where the cluster asks for none. */
  clientProps(mechanism?: LoginMechanism): Record<string, string>
  stop(): Promise<void>
}

/** One broker, which is a controller too. */
export interface Broker {
  readonly id: number
  /** host:port for clients; the same after a restart. */
  readonly address: string
  /** Shuts it down in good order. */
  stop(): Promise<void>
  kill(): Promise<void>
  /** Starts it again, with the data it had; resolves once it serves clients. */
  start(): Promise<void>
}

export interface KafkaOptions {
  /** Number of brokers; topics have as many replicas. */
  readonly brokers?: 1 | 3
  readonly security?: 'PLAINTEXT' | 'SASL_SSL'
  /** Settings of the brokers on top of ours. */
  readonly props?: Readonly<Record<string, string>>
  /** Hears what takes a while. */
  readonly report?: (text: string) => void
}

/** What a broker prints once clients can come. */
export const STARTED = /Kafka Server started/

export const START_TIMEOUT_MS = 120_000
