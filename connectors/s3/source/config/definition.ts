import { between, defineConfig, nonEmpty, type Infer } from '../../../../api/index.ts'
import { asExtensions, bool, inGroup, int, list, long, text } from '../../../shared/setting-rules.ts'
import { s3SinkConfig } from '../../config/definition.ts'
import { oneOfLowerCased } from '../../config/settings/rules.ts'
import { compressionNames, formatRule } from './formats.ts'

const MIB = 1024 * 1024

/** What is read, and where the records go. Source: Confluent's S3SourceConnector, by its documentation. */
const connectorSettings = inGroup(
  'Connector',
  defineConfig({
    'mode': {
      ...text,
      default: 'RESTORE_BACKUP',
      validate: oneOfLowerCased('restore_backup', 'generic'),
      importance: 'high',
      doc: 'RESTORE_BACKUP reads objects that have the names of the sink, and writes the records to the topics and partitions of these names. GENERIC reads all objects; requires topic or topic.regex.list.',
    },
    'format.class': {
      ...text,
      default: 'auto',
      validate: formatRule,
      importance: 'high',
      examples: ['auto', 'json', 'io.confluent.connect.s3.format.avro.AvroFormat'],
      doc: 'Format of the objects: json (a value on each line), bytes, text (lines), avro or parquet, or the class of the sink. With auto, the extension decides. With RESTORE_BACKUP, objects with the extension of another format are not read; with GENERIC, all are read in this format.',
    },
    'topic.regex.list': {
      ...list,
      default: [],
      importance: 'medium',
      examples: ['orders:.*/orders/.*\\.json,clicks:logs/.*'],
      doc: 'With GENERIC: topics and regular expressions of Java for keys, as a comma-separated list of topic:regex. An object goes to the first topic whose expression matches its whole key. Others are not read, unless topic is set.',
    },
    's3.poll.interval.ms': {
      ...long,
      default: 60_000,
      validate: between(1),
      importance: 'medium',
      doc: 'Time between two listings of the bucket, in milliseconds. An object is read at the latest after this time.',
    },
    'record.batch.max.size': {
      ...int,
      default: 2000,
      validate: between(1),
      importance: 'medium',
      doc: 'Maximum number of records per poll.',
    },
    'behavior.on.error': {
      ...text,
      default: 'fail',
      validate: oneOfLowerCased('fail', 'ignore'),
      importance: 'medium',
      doc: 'What happens with an object that does not have its format: fail fails the task; ignore leaves out the rest of the object, logs a warning and counts it in objects_failed.',
    },
    'file.discovery.starting.timestamp': {
      ...long,
      default: 0,
      validate: between(0),
      importance: 'low',
      doc: 'Objects that were last modified before this time are not read. Milliseconds since the epoch.',
    },
    'folders': {
      ...list,
      default: [],
      importance: 'low',
      examples: ['topics/orders,topics/customers'],
      doc: 'Directories to read, from the root of the bucket, instead of the whole topics.dir. With RESTORE_BACKUP, they are in it.',
    },
  }),
)

const sink = s3SinkConfig

/** Settings of the sink that say where objects are and how they were written. */
const sharedSettings = {
  ...inGroup('S3', {
    's3.bucket.name': { ...sink['s3.bucket.name'], doc: 'Bucket of the objects.' },
    's3.region': sink['s3.region'],
    'store.url': sink['store.url'],
    's3.credentials.provider.class': sink['s3.credentials.provider.class'],
    'aws.access.key.id': sink['aws.access.key.id'],
    'aws.secret.access.key': sink['aws.secret.access.key'],
    's3.sse.customer.key': {
      ...sink['s3.sse.customer.key'],
      doc: 'Key of 32 bytes in base64 that the objects were encrypted with (SSE-C).',
    },
    's3.wan.mode': sink['s3.wan.mode'],
    's3.path.style.access.enabled': sink['s3.path.style.access.enabled'],
    's3.part.retries': { ...sink['s3.part.retries'], displayName: 'S3 Retries' },
    's3.retry.backoff.ms': sink['s3.retry.backoff.ms'],
    's3.proxy.url': sink['s3.proxy.url'],
    's3.proxy.user': sink['s3.proxy.user'],
    's3.proxy.password': sink['s3.proxy.password'],
  }),
  ...inGroup(
    'Storage',
    defineConfig({
      'topics.dir': {
        ...sink['topics.dir'],
        doc: 'Directory of the bucket to read. If empty, the whole bucket is read.',
      },
      'directory.delim': { ...sink['directory.delim'], validate: nonEmpty },
      'file.delim': { ...sink['file.delim'], validate: nonEmpty },
      's3.compression.type': {
        ...text,
        default: 'auto',
        validate: oneOfLowerCased('auto', ...compressionNames),
        importance: 'low',
        doc: 'Compression of objects in the formats json, bytes and text. With auto, the extension decides: .gz, .zst or .snappy.',
      },
      'format.bytearray.extension': {
        ...sink['format.bytearray.extension'],
        doc: 'Extension of objects in the format bytes, with a leading dot.',
      },
      'format.bytearray.separator': {
        ...sink['format.bytearray.separator'],
        doc: String.raw`Text after each record in the format bytes, with the escape sequences of Java, such as \n. Default: a line feed.`,
      },
      'store.kafka.keys': {
        ...bool,
        default: false,
        importance: 'low',
        doc: 'Whether an object is read only together with the object of its keys. With false, keys are restored if there is such an object.',
      },
      'store.kafka.headers': {
        ...bool,
        default: false,
        importance: 'low',
        doc: 'Whether an object is read only together with the object of its headers. With false, headers are restored if there is such an object.',
      },
      'tombstone.encoded.partition': {
        ...sink['tombstone.encoded.partition'],
        doc: 'Directory of objects with the keys of records without a value. They are read independently of the other records, so that the order of a value and the deletion of its key is lost.',
      },
    }),
  ),
}

/** Own settings. */
const extensionSettings = asExtensions(
  defineConfig({
    'topic': {
      ...text,
      default: null,
      validate: nonEmpty,
      importance: 'medium',
      examples: ['restored-${topic}'],
      doc: 'Topic of the records. ${topic} stands for that of the name of the object. Default with RESTORE_BACKUP: ${topic}. With GENERIC, it is that of objects that topic.regex.list does not match.',
    },
    'headrace.s3.keep.partitions': {
      ...bool,
      default: true,
      importance: 'medium',
      doc: 'Whether records are written to the partition in the name of the object. With false, and for other names, the producer chooses the partition.',
    },
    'headrace.s3.late.wait.ms': {
      ...long,
      default: 5000,
      validate: between(0),
      importance: 'low',
      doc: 'How long a new object waits for objects with smaller offsets, if there is a gap before it, in milliseconds. The sink may complete objects in another order.',
    },
    'headrace.s3.late.window.ms': {
      ...long,
      default: 3_600_000,
      validate: between(0),
      importance: 'low',
      doc: 'How long after its time of modification an object without an offset in its name may appear in listings, in milliseconds. That time is the start of the upload for an object that was uploaded in parts.',
    },
    'headrace.s3.buffer.max.bytes': {
      ...long,
      default: 32 * MIB,
      validate: between(MIB),
      importance: 'low',
      doc: 'Memory of a task for records that wait for Kafka, in bytes.',
    },
    's3.credentials.provider.sts.role.arn': sink['s3.credentials.provider.sts.role.arn'],
    's3.credentials.provider.sts.role.session.name': sink['s3.credentials.provider.sts.role.session.name'],
    's3.credentials.provider.sts.role.external.id': sink['s3.credentials.provider.sts.role.external.id'],
    's3.credentials.provider.sts.region': sink['s3.credentials.provider.sts.region'],
  }),
)

/** The settings of the source. They have the names of Confluent's source and sink where these have such a setting. */
export const s3SourceConfig = { ...connectorSettings, ...sharedSettings, ...extensionSettings }

/** The parsed settings. */
export type S3SourceConfig = Infer<typeof s3SourceConfig>
