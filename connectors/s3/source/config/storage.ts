import { Secret } from '../../../../api/index.ts'
import { parseConfig } from '../../../../java/index.ts'
import { s3SinkConfig, type S3SinkConfig } from '../../config/definition.ts'
import { AVRO_FORMAT, STORAGE_CLASS } from '../../config/settings/classes.ts'
import type { S3SourceConfig } from './definition.ts'

/** Required settings of the sink, which do not concern reading. */
const forWriting = {
  's3.bucket.name': 'none',
  'flush.size': '1',
  'format.class': AVRO_FORMAT,
  'storage.class': STORAGE_CLASS,
  'partitioner.class': 'io.confluent.connect.storage.partitioner.DefaultPartitioner',
}

/** Adds settings of the sink that say how the storage is accessed and that the source does not have. */
export function withSinkDefaults(config: S3SourceConfig): S3SinkConfig {
  const isEncrypted = config['s3.sse.customer.key'].reveal() !== ''
  return {
    ...parseConfig(s3SinkConfig, forWriting),
    ...config,
    's3.ssea.name': isEncrypted ? 'AES256' : '',
    's3.sse.kms.key.id': '',
    's3.proxy.password': config['s3.proxy.password'] ?? new Secret(''),
  }
}
