import type { SslConfig } from '../../../java/index.ts'

/** The settings of a connector with a prefix before the names of {@link SslConfig}. */
export type PrefixedTls<P extends string> = { readonly [K in keyof SslConfig as `${P}${K}`]: SslConfig[K] }

/**
 * Returns the TLS settings without their prefix. A store with an empty location does not exist, whatever its password.
 *
 * Source: ElasticsearchSinkConnectorConfig.sslConfigs.
 */
export function tlsSettingsOf<P extends string>(prefix: P, config: PrefixedTls<P>): SslConfig {
  const of = <K extends keyof SslConfig>(name: K): SslConfig[K] =>
    config[`${prefix}${name}` as keyof PrefixedTls<P>] as SslConfig[K]
  const [truststore, keystore] = [of('ssl.truststore.location'), of('ssl.keystore.location')]
  const hasKeys = isStore(keystore) || of('ssl.keystore.key') !== null
  return {
    'ssl.endpoint.identification.algorithm': of('ssl.endpoint.identification.algorithm'),
    'ssl.enabled.protocols': of('ssl.enabled.protocols'),
    'ssl.cipher.suites': of('ssl.cipher.suites'),
    'ssl.truststore.location': isStore(truststore) ? truststore : null,
    'ssl.truststore.password': isStore(truststore) ? of('ssl.truststore.password') : null,
    'ssl.truststore.certificates': of('ssl.truststore.certificates'),
    'ssl.keystore.location': isStore(keystore) ? keystore : null,
    'ssl.keystore.password': hasKeys ? of('ssl.keystore.password') : null,
    'ssl.key.password': hasKeys ? of('ssl.key.password') : null,
    'ssl.keystore.key': of('ssl.keystore.key'),
    'ssl.keystore.certificate.chain': of('ssl.keystore.certificate.chain'),
  }
}

const isStore = (location: string | null): location is string => location !== null && location !== ''
