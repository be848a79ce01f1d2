import { dockerAnswers } from '../docker-engine.ts'
import type { KafkaCluster, KafkaOptions } from './cluster.ts'
import { startInDocker } from './docker.ts'
import { installJava, missingForJava } from './java-kit.ts'
import { startLocally } from './local.ts'

export type { Broker, KafkaCluster, KafkaOptions } from './cluster.ts'
export { debeziumPlugins, javaCommand, javaKit, runJava } from './java-kit.ts'
export type { LoginMechanism } from './security.ts'

/** Name of the environment variable with the address of an existing Kafka. */
export const KAFKA_ADDRESS = 'KAFKA_BOOTSTRAP_SERVERS'

/**
 * Starts Kafka: in Docker if an engine responds, otherwise with the Java and Maven of this machine.
 *
 * If neither is available, throws an error that says what to install.
 */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaCluster> {
  if (await dockerAnswers()) {
    options.report?.('starting Kafka in Docker')
    return startInDocker(options)
  }
  const missing = missingForJava()
  if (missing === undefined) return startLocally(options)
  throw new Error(
    `No Kafka available: ${KAFKA_ADDRESS} is not set, no Docker engine responds, and ${missing} is missing.\n` +
      `Do one of the following: set ${KAFKA_ADDRESS}=host:port, start Docker, or ${installJava}.`,
  )
}

/** Resolves to the addresses of a Kafka that tests share: from the environment, otherwise started for this process. */
export async function sharedKafka(report?: (text: string) => void): Promise<string> {
  const given = process.env[KAFKA_ADDRESS]
  if (given !== undefined && given !== '') return given
  started ??= startKafka(report === undefined ? {} : { report })
  return (await started).bootstrapServers
}

let started: Promise<KafkaCluster> | undefined
