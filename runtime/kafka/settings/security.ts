import type { ConnectionOptions, SecureContextOptions, SecureVersion } from 'node:tls'
import { ConnectError } from '../../../api/index.ts'
import { parseJaas } from './jaas.ts'
import { pemCertificates, pemIdentity, readKeyStore, readTrustStore } from './key-store.ts'
import type { ClientConfig, SecurityConfig } from './table/index.ts'

/** User name and password for SASL, in the format of kafkajs. */
export interface SaslLogin {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
  readonly username: string
  readonly password: string
}

const mechanisms: Readonly<Record<string, SaslLogin['mechanism']>> = {
  'PLAIN': 'plain',
  'SCRAM-SHA-256': 'scram-sha-256',
  'SCRAM-SHA-512': 'scram-sha-512',
}

/** Returns the SASL login, or null if the security protocol has no SASL. Throws `HR_CONFIG_INVALID`. */
export function saslLogin(config: ClientConfig & SecurityConfig): SaslLogin | null {
  if (!config['security.protocol'].startsWith('SASL_')) return null
  const mechanism = mechanisms[config['sasl.mechanism']]
  if (mechanism === undefined) {
    const known = Object.keys(mechanisms).join(', ')
    throw invalid('sasl.mechanism', `is ${config['sasl.mechanism']}; expected one of ${known}`)
  }
  const text = config['sasl.jaas.config']?.reveal()
  if (text === undefined) throw invalid('sasl.jaas.config', `is missing for ${config['security.protocol']}`)
  const { username, password } = parseJaas('sasl.jaas.config', text).options
  if (username === undefined || password === undefined) {
    throw invalid('sasl.jaas.config', 'has no username or password option')
  }
  return { mechanism, username, password }
}

/**
 * Reads the key stores and returns the TLS options; null if the security protocol has no TLS. Throws
 * `HR_CONFIG_INVALID`.
 */
export async function tlsOptions(config: ClientConfig & SecurityConfig): Promise<ConnectionOptions | null> {
  if (!config['security.protocol'].endsWith('SSL')) return null
  return {
    ...(await secureContext(config)),
    ...(config['ssl.endpoint.identification.algorithm'] === ''
      ? { checkServerIdentity: () => undefined }
      : {}),
  }
}

/** Reads the trust store and the key store for either end of a connection. Throws `HR_CONFIG_INVALID`. */
export async function secureContext(config: SecurityConfig): Promise<SecureContextOptions> {
  const trusted = await trustedCertificates(config)
  const versions = config['ssl.enabled.protocols'].filter((name): name is SecureVersion =>
    name.startsWith('TLSv1'),
  )
  const keyPassword = (config['ssl.key.password'] ?? config['ssl.keystore.password'])?.reveal()
  const ciphers = config['ssl.cipher.suites'] ?? []
  return {
    ...(await ownIdentity(config)),
    ...(trusted === undefined ? {} : { ca: trusted }),
    ...(keyPassword === undefined ? {} : { passphrase: keyPassword }),
    ...(ciphers.length === 0 ? {} : { ciphers: ciphers.join(':') }),
    ...(versions.length === 0
      ? {}
      : { minVersion: versions.toSorted()[0], maxVersion: versions.toSorted().at(-1) }),
  }
}

/** Undefined means the default certificates of Node.js. */
async function trustedCertificates(config: SecurityConfig): Promise<string[] | undefined> {
  const inline = config['ssl.truststore.certificates']
  if (inline !== null) return pemCertificates(inline.reveal())
  const path = config['ssl.truststore.location']
  if (path === null) return undefined
  return readTrustStore('ssl.truststore.location', path, config['ssl.truststore.password']?.reveal())
}

async function ownIdentity(config: SecurityConfig): Promise<SecureContextOptions> {
  const key = config['ssl.keystore.key']
  if (key !== null)
    return pemIdentity(`${key.reveal()}\n${config['ssl.keystore.certificate.chain']?.reveal() ?? ''}`)
  const path = config['ssl.keystore.location']
  return path === null ? {} : readKeyStore('ssl.keystore.location', path)
}

function invalid(configKey: string, what: string): ConnectError {
  return new ConnectError('HR_CONFIG_INVALID', `${configKey} ${what}`, { configKey })
}
