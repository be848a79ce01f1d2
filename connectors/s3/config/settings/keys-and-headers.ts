import { between, defineConfig } from '../../../../api/index.ts'
import { bool, inGroup, int } from '../../../shared/setting-rules.ts'
import { AVRO_FORMAT, formatOf, recommendedFormats } from './classes.ts'
import { formatClass, formatInstead } from './connector.ts'
import { classAmong, internal } from './rules.ts'

const headerFormats = recommendedFormats.filter((name) => formatOf(name) !== 'bytes')

const visibleWith = (key: string, values: readonly string[]) => ({
  recommender: {
    validValues: () => values,
    visible: (props: Readonly<Record<string, string | null>>) => props[key]?.trim().toLowerCase() === 'true',
  },
})

/** Objects with the keys and headers of records, and what Confluent adds to this group. */
export const keysAndHeadersSettings = {
  ...inGroup(
    'Keys and Headers',
    defineConfig({
      'store.kafka.keys': {
        ...bool,
        default: false,
        importance: 'low',
        width: 'short',
        displayName: 'Store kafka keys',
        dependents: ['keys.format.class'],
        doc: 'Whether the keys of the records are written to objects of their own, next to those of the values. A record without a key is an error.',
      },
      'store.kafka.headers': {
        ...bool,
        default: false,
        importance: 'low',
        width: 'short',
        displayName: 'Store kafka headers',
        dependents: ['headers.format.class'],
        doc: 'Whether the headers of the records are written to objects of their own, next to those of the values. A record without headers is an error.',
      },
      'keys.format.class': {
        ...formatClass,
        ...visibleWith('store.kafka.keys', recommendedFormats),
        default: AVRO_FORMAT,
        importance: 'low',
        displayName: 'Keys format class',
        doc: 'Format of the objects with keys.',
      },
      'headers.format.class': {
        ...classAmong(headerFormats, (name) =>
          formatOf(name) === undefined ? formatInstead(name) : 'headers are neither bytes nor a string',
        ),
        ...visibleWith('store.kafka.headers', headerFormats),
        default: AVRO_FORMAT,
        importance: 'low',
        displayName: 'Headers format class',
        doc: 'Format of the objects with headers.',
      },
      's3.path.style.access.enabled': {
        ...bool,
        default: true,
        importance: 'low',
        width: 'short',
        displayName: 'Enable Path Style Access to S3',
        doc: 'Whether the bucket is part of the path of URLs. With false, it is part of the host name.',
      },
      's3.elastic.buffer.enable': {
        ...bool,
        default: false,
        importance: 'low',
        width: 'long',
        displayName: 'Enable elastic buffer to staging s3-part',
        doc: 'Whether Confluent’s connector enlarges its buffers as needed. Without effect: memory is always used as needed, see headrace.s3.buffer.max.bytes.',
      },
      's3.elastic.buffer.init.capacity': {
        ...int,
        default: 131_072,
        validate: between(4096),
        importance: 'low',
        width: 'long',
        displayName: 'Elastic buffer initial capacity',
        doc: 'First size of these buffers, in bytes. Without effect.',
      },
    }),
  ),
  ...defineConfig({
    'partitioner.max.open.files': {
      ...int,
      ...internal,
      default: -1,
      doc: 'Number of directories of a topic partition that may have open objects. One more completes all of them. -1 for no limit.',
    },
  }),
}
