import type { Bucket } from '../../integration-tests/services/index.ts'

/** Options of `S3Client`. */
export interface ClientOptions {
  readonly endpoint: string
  readonly region: string
  readonly forcePathStyle: boolean
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/** Returns the options of a client of the bucket's server. */
export function clientOptions({ address, props }: Bucket): ClientOptions {
  const { endpoint, accessKeyId, secretAccessKey } = address
  const region = props['s3.region'] ?? ''
  return { endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } }
}

interface BareTask {
  readonly client: ClientOptions
  readonly bucket: string
  readonly prefix: string
  readonly servers: string
  readonly topic: string
}

export interface BareSinkTask extends BareTask {
  readonly format: 'bytes' | 'json' | 'json.gz' | 'avro' | 'parquet'
  readonly group: string
  readonly records: number
  readonly flushSize: number
}

export interface BareSourceTask extends BareTask {
  readonly format: 'json' | 'json.gz' | 'avro' | 'parquet'
}
