/**
 * The settings that Confluent's connector lists, in order, without those of every connector: name, type, default, importance,
 * group, order in the group, width, display name and dependents. `-` stands for a setting without a default.
 */
export const confluentSettings: readonly (readonly string[])[] = String.raw`
format.class ~ CLASS ~ - ~ HIGH ~ Connector ~ 1 ~ NONE ~ Format class
flush.size ~ INT ~ - ~ HIGH ~ Connector ~ 2 ~ LONG ~ Flush Size
rotate.interval.ms ~ LONG ~ -1 ~ HIGH ~ Connector ~ 3 ~ MEDIUM ~ Rotate Interval (ms)
rotate.schedule.interval.ms ~ LONG ~ -1 ~ MEDIUM ~ Connector ~ 4 ~ MEDIUM ~ Rotate Schedule Interval (ms)
schemas.cache.config ~ INT ~ 1000 ~ LOW ~ Connector ~ 5 ~ LONG ~ Schema Cache Size
enhanced.avro.schema.support ~ BOOLEAN ~ true ~ LOW ~ Connector ~ 6 ~ SHORT ~ Enhanced Avro Support
connect.meta.data ~ BOOLEAN ~ true ~ LOW ~ Connector ~ 7 ~ SHORT ~ Connect Metadata
retry.backoff.ms ~ LONG ~ 5000 ~ LOW ~ Connector ~ 8 ~ MEDIUM ~ Retry Backoff (ms)
filename.offset.zero.pad.width ~ INT ~ 10 ~ LOW ~ Connector ~ 10 ~ LONG ~ Filename Offset Zero Pad Width
avro.codec ~ STRING ~ null ~ LOW ~ Connector ~ 11 ~ MEDIUM ~ Avro Compression Codec
allow.optional.map.keys ~ BOOLEAN ~ false ~ LOW ~ Connector ~ 12 ~ SHORT ~ Allow Optional Map Keys
schema.compatibility ~ STRING ~ NONE ~ HIGH ~ Schema ~ 1 ~ SHORT ~ Schema Compatibility
parquet.codec ~ STRING ~ snappy ~ LOW ~ Connector ~ 13 ~ MEDIUM ~ Parquet Compression Codec
s3.bucket.name ~ STRING ~ - ~ HIGH ~ S3 ~ 1 ~ LONG ~ S3 Bucket
s3.object.tagging ~ BOOLEAN ~ false ~ LOW ~ S3 ~ 2 ~ LONG ~ S3 Object Tagging
s3.object.tagging.key.value.pairs ~ LIST ~  ~ LOW ~ S3 ~ 3 ~ LONG ~ S3 Object Tagging Extra Key Value pairs
s3.object.behavior.on.tagging.error ~ STRING ~ ignore ~ LOW ~ S3 ~ 4 ~ SHORT ~ Behavior for S3 object tagging error
s3.region ~ STRING ~ us-west-2 ~ MEDIUM ~ S3 ~ 5 ~ LONG ~ AWS region
s3.part.size ~ INT ~ 26214400 ~ HIGH ~ S3 ~ 6 ~ LONG ~ S3 Part Size
s3.credentials.provider.class ~ CLASS ~ software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider ~ LOW ~ S3 ~ 7 ~ LONG ~ AWS Credentials Provider Class
aws.access.key.id ~ STRING ~  ~ HIGH ~ S3 ~ 8 ~ LONG ~ AWS Access Key ID
aws.secret.access.key ~ PASSWORD ~ [hidden] ~ HIGH ~ S3 ~ 9 ~ LONG ~ AWS Secret Access Key
s3.ssea.name ~ STRING ~  ~ LOW ~ S3 ~ 10 ~ LONG ~ S3 Server Side Encryption Algorithm
s3.sse.customer.key ~ PASSWORD ~ [hidden] ~ LOW ~ S3 ~ 11 ~ LONG ~ S3 Server Side Encryption Customer-Provided Key (SSE-C)
s3.sse.kms.key.id ~ STRING ~  ~ LOW ~ S3 ~ 12 ~ LONG ~ S3 Server Side Encryption Key
s3.acl.canned ~ STRING ~ null ~ LOW ~ S3 ~ 13 ~ LONG ~ S3 Canned ACL
s3.wan.mode ~ BOOLEAN ~ false ~ MEDIUM ~ S3 ~ 14 ~ LONG ~ S3 accelerated endpoint enabled
s3.compression.type ~ STRING ~ none ~ LOW ~ S3 ~ 15 ~ LONG ~ Compression type
s3.compression.level ~ INT ~ -1 ~ LOW ~ S3 ~ 16 ~ LONG ~ Compression Level
json.decimal.format ~ STRING ~ BASE64 ~ MEDIUM ~ S3 ~ 17 ~ MEDIUM ~ Decimal Format
s3.part.retries ~ INT ~ 3 ~ MEDIUM ~ S3 ~ 18 ~ LONG ~ S3 Part Upload Retries
s3.retry.backoff.ms ~ LONG ~ 200 ~ LOW ~ S3 ~ 19 ~ SHORT ~ Retry Backoff (ms)
format.bytearray.extension ~ STRING ~ .bin ~ LOW ~ S3 ~ 20 ~ LONG ~ Output file extension for ByteArrayFormat
format.bytearray.separator ~ STRING ~ null ~ LOW ~ S3 ~ 21 ~ LONG ~ Line separator ByteArrayFormat
s3.proxy.url ~ STRING ~  ~ LOW ~ S3 ~ 22 ~ LONG ~ S3 Proxy Settings
s3.proxy.user ~ STRING ~ null ~ LOW ~ S3 ~ 23 ~ LONG ~ S3 Proxy User
s3.proxy.password ~ PASSWORD ~ [hidden] ~ LOW ~ S3 ~ 24 ~ LONG ~ S3 Proxy Password
s3.http.send.expect.continue ~ BOOLEAN ~ true ~ LOW ~ S3 ~ 25 ~ SHORT ~ S3 HTTP Send Uses Expect Continue
behavior.on.null.values ~ STRING ~ fail ~ LOW ~ S3 ~ 26 ~ SHORT ~ Behavior for null-valued records
report.null.values.to.dlq ~ BOOLEAN ~ true ~ LOW ~ S3 ~ 27 ~ SHORT ~ Report null value to dlq
max.write.duration.ms ~ LONG ~ 9223372036854775807 ~ LOW ~ S3 ~ 28 ~ SHORT ~ Maximum write duration
rotate.file.on.partition.change ~ BOOLEAN ~ true ~ LOW ~ S3 ~ 29 ~ SHORT ~ Rotate files on partition change
tombstone.encoded.partition ~ STRING ~ tombstone ~ LOW ~ S3 ~ 30 ~ SHORT ~ Tombstone Encoded Partition
s3.schema.partition.affix.type ~ STRING ~ NONE ~ LOW ~ S3 ~ 31 ~ LONG ~ Schema Partition Affix Type
s3.send.digest ~ BOOLEAN ~ false ~ LOW ~ S3 ~ 32 ~ SHORT ~ S3 Send Upload Message Digest
enable.conditional.writes ~ BOOLEAN ~ true ~ LOW ~ S3 ~ 33 ~ SHORT ~ Enable conditional writes during multipart upload
max.files.scan.limit ~ INT ~ 100 ~ LOW ~  ~ -1 ~ NONE ~ max.files.scan.limit
store.kafka.keys ~ BOOLEAN ~ false ~ LOW ~ Keys and Headers ~ 1 ~ SHORT ~ Store kafka keys ~ keys.format.class
store.kafka.headers ~ BOOLEAN ~ false ~ LOW ~ Keys and Headers ~ 2 ~ SHORT ~ Store kafka headers ~ headers.format.class
keys.format.class ~ CLASS ~ io.confluent.connect.s3.format.avro.AvroFormat ~ LOW ~ Keys and Headers ~ 3 ~ NONE ~ Keys format class
headers.format.class ~ CLASS ~ io.confluent.connect.s3.format.avro.AvroFormat ~ LOW ~ Keys and Headers ~ 4 ~ NONE ~ Headers format class
s3.path.style.access.enabled ~ BOOLEAN ~ true ~ LOW ~ Keys and Headers ~ 5 ~ SHORT ~ Enable Path Style Access to S3
s3.elastic.buffer.enable ~ BOOLEAN ~ false ~ LOW ~ Keys and Headers ~ 6 ~ LONG ~ Enable elastic buffer to staging s3-part
s3.elastic.buffer.init.capacity ~ INT ~ 131072 ~ LOW ~ Keys and Headers ~ 7 ~ LONG ~ Elastic buffer initial capacity
partitioner.max.open.files ~ INT ~ -1 ~ LOW ~  ~ -1 ~ NONE ~ partitioner.max.open.files
storage.class ~ CLASS ~ - ~ HIGH ~ Storage ~ 1 ~ NONE ~ Storage Class
topics.dir ~ STRING ~ topics ~ HIGH ~ Storage ~ 2 ~ NONE ~ Topics directory
store.url ~ STRING ~ null ~ HIGH ~ Storage ~ 3 ~ NONE ~ Store URL
directory.delim ~ STRING ~ / ~ MEDIUM ~ Storage ~ 4 ~ LONG ~ Directory Delimiter
file.delim ~ STRING ~ + ~ MEDIUM ~ Storage ~ 5 ~ LONG ~ File Delimiter
partitioner.class ~ CLASS ~ io.confluent.connect.storage.partitioner.DefaultPartitioner ~ HIGH ~ Partitioner ~ 1 ~ LONG ~ Partitioner Class ~ partition.field.name ~ partition.duration.ms ~ path.format ~ locale ~ timezone
partition.field.name ~ LIST ~  ~ MEDIUM ~ Partitioner ~ 2 ~ NONE ~ Partition Field Name
partition.duration.ms ~ LONG ~ -1 ~ MEDIUM ~ Partitioner ~ 3 ~ LONG ~ Partition Duration (ms)
path.format ~ STRING ~  ~ MEDIUM ~ Partitioner ~ 4 ~ LONG ~ Path Format
locale ~ STRING ~  ~ MEDIUM ~ Partitioner ~ 5 ~ LONG ~ Locale
timezone ~ STRING ~  ~ MEDIUM ~ Partitioner ~ 6 ~ LONG ~ Timezone
timestamp.extractor ~ STRING ~ Wallclock ~ MEDIUM ~ Partitioner ~ 7 ~ LONG ~ Timestamp Extractor
timestamp.field ~ STRING ~ timestamp ~ MEDIUM ~ Partitioner ~ 8 ~ LONG ~ Record Field for Timestamp Extractor
`
  .trim()
  .split('\n')
  .map((row) => row.split('~').map((cell) => cell.trim()))
