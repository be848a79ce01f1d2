import type { Secret } from '../../api/index.ts'

/** The TLS settings of a Kafka client and of connectors that use the same names. Source: SslConfigs. */
export interface SslConfig {
  /** Empty if the name in the certificate of the server is not checked. */
  readonly 'ssl.endpoint.identification.algorithm': string
  readonly 'ssl.enabled.protocols': readonly string[]
  readonly 'ssl.cipher.suites': readonly string[] | null
  /** PEM or PKCS12; the format is detected. An empty path counts as none, as does one of a key store. */
  readonly 'ssl.truststore.location': string | null
  readonly 'ssl.truststore.password': Secret | null
  readonly 'ssl.truststore.certificates': Secret | null
  readonly 'ssl.keystore.location': string | null
  readonly 'ssl.keystore.password': Secret | null
  readonly 'ssl.key.password': Secret | null
  readonly 'ssl.keystore.key': Secret | null
  readonly 'ssl.keystore.certificate.chain': Secret | null
}
