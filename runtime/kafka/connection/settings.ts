import type { ConnectionOptions } from 'node:tls'
import { ConnectError, type Props } from '../../../api/index.ts'
import { parseConfig } from '../../../config/index.ts'
import { clientConfig, securityConfig } from '../settings/table/index.ts'
import { saslLogin, tlsOptions, type SaslLogin } from '../settings/security.ts'

export interface Address {
  readonly host: string
  readonly port: number
}

/** Settings for connections to a Kafka cluster. */
export interface ConnectionSettings {
  readonly bootstrap: readonly Address[]
  readonly clientId: string
  readonly ssl: ConnectionOptions | null
  readonly sasl: SaslLogin | null
  readonly requestTimeoutMs: number
  readonly connectionSetupTimeoutMs: number
  readonly reconnectBackoffMs: number
  readonly reconnectBackoffMaxMs: number
  readonly retryBackoffMs: number
  readonly retryBackoffMaxMs: number
  readonly metadataMaxAgeMs: number
}

/** Reads client properties with Kafka's names, and the key stores. Throws `HR_CONFIG_INVALID`. */
export async function connectionSettings(props: Props): Promise<ConnectionSettings> {
  const config = { ...parseConfig(clientConfig, props), ...parseConfig(securityConfig, props) }
  return {
    bootstrap: parseAddresses(config['bootstrap.servers']),
    clientId: config['client.id'],
    ssl: await tlsOptions(config),
    sasl: saslLogin(config),
    requestTimeoutMs: config['request.timeout.ms'],
    connectionSetupTimeoutMs: config['socket.connection.setup.timeout.ms'],
    reconnectBackoffMs: config['reconnect.backoff.ms'],
    reconnectBackoffMaxMs: config['reconnect.backoff.max.ms'],
    retryBackoffMs: config['retry.backoff.ms'],
    retryBackoffMaxMs: config['retry.backoff.max.ms'],
    metadataMaxAgeMs: config['metadata.max.age.ms'],
  }
}

const ADDRESS = /^(?:[A-Z_]+:\/\/)?(?:\[([0-9a-fA-F:%.]+)\]|([^:[\]\s]+)):(\d{1,5})$/

function parseAddresses(texts: readonly string[]): Address[] {
  const addresses = texts.filter((text) => text !== '').map(parseAddress)
  if (addresses.length === 0) throw invalid('No bootstrap urls given in bootstrap.servers')
  return addresses
}

function parseAddress(text: string): Address {
  const [, bracketed, plain, port] = ADDRESS.exec(text) ?? []
  const host = bracketed ?? plain
  if (host === undefined || Number(port) > 65_535) {
    throw invalid(`Invalid url in bootstrap.servers: ${text}; expected host:port`)
  }
  return { host, port: Number(port) }
}

function invalid(message: string): ConnectError {
  return new ConnectError('HR_CONFIG_INVALID', message, { configKey: 'bootstrap.servers' })
}
