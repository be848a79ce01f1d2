import type { Secret } from '../../../api/index.ts'

/** Limits of S3 for the parts of an upload, in bytes and by number. */
export const MIN_PART_SIZE = 5 * 1024 * 1024
export const MAX_PARTS = 10_000

/** How the bucket is reached, and how objects are stored in it. */
export interface StorageSettings {
  readonly bucket: string
  readonly region: string
  /** The server, with or without scheme; https if it has none. Null for the endpoint of AWS in the region. */
  readonly endpoint: string | null
  /** Whether the bucket is in the path of requests instead of their host name. */
  readonly pathStyle: boolean
  /** Whether requests go to the accelerate endpoint. */
  readonly accelerate: boolean
  readonly encryption: Encryption
  readonly cannedAcl: string | null
  /** Whether parts are sent with their MD5, besides the CRC32 that is always sent. */
  readonly sendDigest: boolean
  /** Whether large bodies are sent only after the server has accepted their headers. */
  readonly expectContinue: boolean
  readonly proxy: ProxySettings | null
  readonly credentials: CredentialsChoice
  /** Bytes of each part of an upload but the last; an object that is not larger is stored with one request. */
  readonly partSize: number
  /** How often a failed request is sent again before the caller gets the error. */
  readonly partRetries: number
  /** Upper limit of the random wait before the first repetition, in milliseconds; doubled for each further one. */
  readonly retryBackoffMs: number
  /** Upper limit of the wait before any repetition, in milliseconds. */
  readonly retryBackoffMaxMs: number
  /** Null for objects without tags. */
  readonly tagging: TaggingSettings | null
  /** Memory for the bytes of objects that are not stored yet, including those that encoders hold. */
  readonly bufferMaxBytes: number
  /** Size of the temporary file above which objects that are still open begin to be uploaded. */
  readonly stagingMaxBytes: number
  /** Folder of the temporary file. */
  readonly temporaryFolder: string
}

/** How the server encrypts objects. */
export type Encryption =
  /** As the bucket prescribes. */
  | { readonly kind: 'none' }
  /** With keys of S3 (AES256). */
  | { readonly kind: 's3' }
  /** With a key of KMS; null for the key of the bucket. `algorithm` is `aws:kms` or `aws:kms:dsse`. */
  | { readonly kind: 'kms'; readonly algorithm: string; readonly keyId: string | null }
  /** With a key that is sent with each request: 32 bytes in base64. */
  | { readonly kind: 'customer'; readonly key: Secret }

export interface ProxySettings {
  /** URL of an HTTP proxy, with scheme http or https. */
  readonly url: string
  readonly user: string | null
  readonly password: Secret | null
}

export interface TaggingSettings {
  /** Tags besides `startOffset`, `endOffset` and `recordCount`. */
  readonly pairs: readonly (readonly [key: string, value: string])[]
  readonly onError: 'ignore' | 'fail'
}

/** Where credentials come from. All but static ones are renewed before they end. */
export type CredentialsChoice =
  | {
      readonly kind: 'static'
      readonly accessKeyId: string
      readonly secretAccessKey: Secret
      readonly sessionToken?: Secret
    }
  /** The first that provides some: environment, shared config and profiles, web identity, container, instance. */
  | { readonly kind: 'chain' }
  | { readonly kind: 'environment' }
  /** A profile of the shared config; null for `AWS_PROFILE` or the default one. */
  | { readonly kind: 'profile'; readonly profile: string | null }
  /** The token in `AWS_WEB_IDENTITY_TOKEN_FILE` for `AWS_ROLE_ARN`. */
  | { readonly kind: 'web-identity' }
  | { readonly kind: 'container' }
  | { readonly kind: 'instance' }
  /** Requests are not signed. */
  | { readonly kind: 'anonymous' }
  | AssumedRole

export interface AssumedRole {
  readonly kind: 'assume-role'
  readonly roleArn: string
  readonly externalId: string | null
  readonly sessionName: string
  /** Null for an hour. */
  readonly durationSeconds: number | null
  /** Region of STS; null for the one of the bucket. */
  readonly stsRegion: string | null
  /** URL of STS; null for the one of AWS. */
  readonly stsEndpoint: string | null
  /** The credentials that may assume the role. */
  readonly base: CredentialsChoice
}
