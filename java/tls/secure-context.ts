import type { ConnectionOptions, SecureContextOptions, SecureVersion } from 'node:tls'
import { pemCertificates, pemIdentity, readKeyStore, readTrustStore } from './key-store.ts'
import type { SslConfig } from './ssl-config.ts'

/**
 * Reads the key stores and returns the options of a client's connection.
 *
 * Throws `HR_CONFIG_INVALID`, which names the settings with `prefix`.
 */
export async function clientTls(config: SslConfig, prefix = ''): Promise<ConnectionOptions> {
  return {
    ...(await secureContext(config, prefix)),
    ...(config['ssl.endpoint.identification.algorithm'] === ''
      ? { checkServerIdentity: () => undefined }
      : {}),
  }
}

/** Reads the trust store and the key store for either end of a connection. Throws as {@link clientTls}. */
export async function secureContext(config: SslConfig, prefix = ''): Promise<SecureContextOptions> {
  const trusted = await trustedCertificates(config, prefix)
  const versions = config['ssl.enabled.protocols'].filter((name): name is SecureVersion =>
    name.startsWith('TLSv1'),
  )
  const keyPassword = (config['ssl.key.password'] ?? config['ssl.keystore.password'])?.reveal()
  const ciphers = config['ssl.cipher.suites'] ?? []
  return {
    ...(await ownIdentity(config, prefix)),
    ...(trusted === undefined ? {} : { ca: trusted }),
    ...(keyPassword === undefined ? {} : { passphrase: keyPassword }),
    ...(ciphers.length === 0 ? {} : { ciphers: ciphers.join(':') }),
    ...(versions.length === 0
      ? {}
      : { minVersion: versions.toSorted()[0], maxVersion: versions.toSorted().at(-1) }),
  }
}

/** Undefined means the default certificates of Node.js. */
async function trustedCertificates(config: SslConfig, prefix: string): Promise<string[] | undefined> {
  const inline = config['ssl.truststore.certificates']
  if (inline !== null) return pemCertificates(inline.reveal())
  const path = config['ssl.truststore.location']
  if (path === null || path === '') return undefined
  const password = config['ssl.truststore.password']?.reveal()
  return readTrustStore(`${prefix}ssl.truststore.location`, path, password)
}

async function ownIdentity(config: SslConfig, prefix: string): Promise<SecureContextOptions> {
  const key = config['ssl.keystore.key']
  if (key !== null)
    return pemIdentity(`${key.reveal()}\n${config['ssl.keystore.certificate.chain']?.reveal() ?? ''}`)
  const path = config['ssl.keystore.location']
  return path === null || path === '' ? {} : readKeyStore(`${prefix}ssl.keystore.location`, path)
}
