import type { KafkaCluster, KafkaOptions } from './cluster.ts'
import { dockerAnswers, startInDocker } from './docker.ts'
import { installJava, missingForJava } from './java-kit.ts'
import { startLocally } from './local.ts'

export type { Broker, KafkaCluster, KafkaOptions } from './cluster.ts'
export { javaCommand, javaKit } from './java-kit.ts'
export type { LoginMechanism } from './security.ts'

/** Name of the environment variable with the address of a Kafka that is there already. */
export const KAFKA_ADDRESS = 'KAFKA_BOOTSTRAP_SERVERS'

/**
 * Starts a Kafka of our own: in Docker where an engine answers, else with the Java and Maven of this machine.
 *
 * Throws, with what to install, where there is neither.
 */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaCluster> {
  if (await dockerAnswers()) {
    options.report?.('starting Kafka in Docker')
    return startInDocker(options)
  }
  const missing = missingForJava()
  if (missing === undefined) return startLocally(options)
  throw new Error(
    `There is no Kafka: ${KAFKA_ADDRESS} is not set, no Docker engine answers, and ${missing} is missing.\n` +
      `Any one of these helps: set ${KAFKA_ADDRESS}=host:port, start Docker, or ${installJava}.`,
  )
}

/** Addresses of a Kafka that tests share: the one of the environment, else one started for this process. */
export async function sharedKafka(report?: (text: string) => void): Promise<string> {
  const given = process.env[KAFKA_ADDRESS]
  if (given !== undefined && given !== '') return given
  started ??= startKafka(report === undefined ? {} : { report })
  return (await started).bootstrapServers
}

let started: Promise<KafkaCluster> | undefined
