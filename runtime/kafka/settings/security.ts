import type { ConnectionOptions } from 'node:tls'
import { ConnectError } from '../../../api/index.ts'
import { clientTls } from '../../../java/index.ts'
import { parseJaas } from './jaas.ts'
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
  return clientTls(config)
}

function invalid(configKey: string, what: string): ConnectError {
  return new ConnectError('HR_CONFIG_INVALID', `${configKey} ${what}`, { configKey })
}
