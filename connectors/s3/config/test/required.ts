/** The settings that a sink needs at least. */
export const required = {
  'format.class': 'io.confluent.connect.s3.format.json.JsonFormat',
  'flush.size': '3',
  's3.bucket.name': 'shop-events',
  'storage.class': 'io.confluent.connect.s3.storage.S3Storage',
} as const
