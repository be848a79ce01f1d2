import type { Secret } from '../../../api/index.ts'
import type { SslConfig } from '../../../java/index.ts'

/** How the servers are reached. */
export interface ServerSettings {
  readonly product: Product
  /** URLs with scheme http or https, of servers of one cluster. A path is put before that of each request. */
  readonly urls: readonly string[]
  /** Null without authentication. */
  readonly login: Login | null
  /** The settings of TLS without their prefix; null for the certificates of Node.js and its defaults. */
  readonly tls: SslConfig | null
  readonly proxy: ProxySettings | null
  /** Time in which a connection must be established; 0 for no limit. */
  readonly connectTimeoutMs: number
  /** A request on whose connection nothing moves for this long has failed; 0 for no limit. */
  readonly readTimeoutMs: number
  /** Whether bodies are compressed with gzip, also those of responses. */
  readonly compression: boolean
  /** Time after which an unused connection is closed; -1 for never. */
  readonly maxIdleMs: number
}

export type Product = 'elasticsearch' | 'opensearch'

export type Login =
  | { readonly kind: 'basic'; readonly user: string; readonly password: Secret }
  /** The encoded form of an API key, as the server returns it: `id:key` in base64. */
  | { readonly kind: 'api-key'; readonly key: Secret }
  /** Requests are signed for a service of AWS (Signature Version 4). */
  | ({ readonly kind: 'aws' } & AwsKeys)

/** A key of AWS and what it is used for. */
export interface AwsKeys {
  readonly accessKeyId: string
  readonly secretAccessKey: Secret
  readonly region: string
  /** The name of the service in signatures, such as `es` or `aoss`. */
  readonly service: string
}

/** An HTTP proxy. Connections with TLS are tunnelled through it. */
export interface ProxySettings {
  readonly host: string
  readonly port: number
  readonly login: { readonly user: string; readonly password: Secret } | null
}
