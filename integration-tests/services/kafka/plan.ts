import { randomBytes } from 'node:crypto'
import { freePorts } from '../processes/index.ts'
import type { KafkaOptions } from './cluster.ts'
import { brokerSecurity, type Security } from './security.ts'

/** A broker to start. */
export interface BrokerPlan {
  readonly id: number
  readonly ports: { readonly client: number; readonly internal: number; readonly controller: number }
  /** Host name for the other brokers. */
  readonly host: string
}

/** A cluster to start. */
export interface ClusterPlan {
  readonly clusterId: string
  /** Host name for clients. */
  readonly clientHost: string
  readonly brokers: readonly BrokerPlan[]
  readonly security: Security | undefined
  readonly props: Readonly<Record<string, string>>
}

const PORTS_PER_BROKER = 3
const CLUSTER_ID_BYTES = 16

/** Chooses ports and names. */
export async function planCluster(
  options: KafkaOptions,
  clientHost: string,
  hostOf: (id: number) => string,
): Promise<ClusterPlan> {
  const count = options.brokers ?? 1
  const ports = await freePorts(count * PORTS_PER_BROKER)
  const brokers = Array.from({ length: count }, (_, index): BrokerPlan => {
    const [client = 0, internal = 0, controller = 0] = ports.slice(index * PORTS_PER_BROKER)
    return { id: index + 1, ports: { client, internal, controller }, host: hostOf(index + 1) }
  })
  return {
    clusterId: clusterId(),
    clientHost,
    brokers,
    security: options.security === 'SASL_SSL' ? brokerSecurity(clientHost) : undefined,
    props: options.props ?? {},
  }
}

/** Returns 16 bytes in base64. They do not start with a dash, because a command line would parse that as an option. */
function clusterId(): string {
  const bytes = randomBytes(CLUSTER_ID_BYTES)
  bytes.writeUInt8(bytes.readUInt8() % 128)
  return bytes.toString('base64url')
}

export function bootstrapServers({ brokers, clientHost }: ClusterPlan): string {
  return brokers.map(({ ports }) => `${clientHost}:${ports.client}`).join(',')
}

/** The paths and addresses of a broker. */
export interface BrokerPlaces {
  /** Address to listen on. */
  readonly bind: string
  readonly dataFolder: string
  readonly keyStore: string
}

/** Returns the server.properties of a broker. */
export function serverProperties(plan: ClusterPlan, broker: BrokerPlan, places: BrokerPlaces): string {
  const { id, ports, host } = broker
  const replicas = plan.brokers.length
  const props = {
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.voters': plan.brokers
      .map((other) => `${other.id}@${other.host}:${other.ports.controller}`)
      .join(','),
    'listeners': [
      `CLIENT://${places.bind}:${ports.client}`,
      `INTERNAL://${places.bind}:${ports.internal}`,
      `CONTROLLER://${places.bind}:${ports.controller}`,
    ].join(','),
    'advertised.listeners': `CLIENT://${plan.clientHost}:${ports.client},INTERNAL://${host}:${ports.internal}`,
    'listener.security.protocol.map': `CLIENT:${plan.security === undefined ? 'PLAINTEXT' : 'SASL_SSL'},INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'INTERNAL',
    'log.dirs': places.dataFolder,
    'default.replication.factor': replicas,
    'min.insync.replicas': Math.min(2, replicas),
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': 5,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': Math.min(2, replicas),
    'transaction.state.log.num.partitions': 5,
    'group.initial.rebalance.delay.ms': 0,
    // Tests write old records, which the next retention check would delete
    'log.retention.ms': -1,
    ...plan.security?.serverProps(places.keyStore),
    ...plan.props,
  }
  return Object.entries(props)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')
}

/** Returns the arguments of Kafka's StorageTool that format the data folder of a broker. */
export function formatArguments(plan: ClusterPlan, propertyFile: string): string[] {
  const users = plan.security?.scramUsers ?? []
  const format = ['format', '--ignore-formatted', '--cluster-id', plan.clusterId, '--config', propertyFile]
  return [...format, ...users.flatMap((user) => ['--add-scram', user])]
}
