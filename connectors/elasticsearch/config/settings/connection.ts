import { between, defineConfig } from '../../../../api/index.ts'
import { bool, inGroup, int, list, long, recommends, secret, text } from '../../../shared/setting-rules.ts'
import { urlList } from '../server-urls.ts'
import { oneOfNames, partOfDataStream } from './rules.ts'

const MAX_INT = 2 ** 31 - 1
const HOUR_MS = 60 * 60 * 1000
const DAY_MS = 24 * HOUR_MS

const narrow = { width: 'short' } as const
const low = { importance: 'low', ...narrow } as const

/** Servers and logins. Source: ElasticsearchSinkConnectorConfig.addConnectorConfigs. */
const servers = defineConfig({
  'connection.url': {
    ...list,
    validate: urlList,
    importance: 'high',
    width: 'long',
    displayName: 'Connection URLs',
    examples: ['http://localhost:9200', 'https://search-1:9200,https://search-2:9200'],
    doc: 'URLs of the servers, separated by commas. They must belong to one cluster; requests go to them in turn, without those that are away. A URL without a scheme is one with http.',
  },
  'connection.username': {
    ...text,
    default: null,
    importance: 'medium',
    ...narrow,
    displayName: 'Connection Username',
    doc: 'User for the servers. Set it together with connection.password.',
  },
  'connection.password': {
    ...secret,
    default: null,
    importance: 'medium',
    ...narrow,
    displayName: 'Connection Password',
    doc: 'Password of the user.',
  },
})

const targets = defineConfig({
  'external.resource.usage': {
    ...oneOfNames('index', 'datastream', 'alias_index', 'alias_datastream', 'disabled'),
    default: 'DISABLED',
    importance: 'high',
    ...narrow,
    displayName: 'External Resource Usage',
    doc: 'Kind of the existing resources that topics are written to: INDEX, DATASTREAM, ALIAS_INDEX or ALIAS_DATASTREAM. With DISABLED, the connector creates an index or a data stream for each topic.',
  },
  'topic.to.external.resource.mapping': {
    ...list,
    default: [],
    importance: 'high',
    width: 'long',
    displayName: 'Topic to External Resource Mapping',
    examples: ['orders:shop-orders,customers:shop-customers'],
    doc: 'Existing index, data stream or alias of each topic, as topic:resource. Must contain exactly the topics of the connector, and each resource once. The resources must exist.',
  },
  'max.external.resource.mappings': {
    ...int,
    default: 15,
    validate: between(1),
    importance: 'medium',
    ...narrow,
    displayName: 'Maximum External Resource Mappings',
    doc: 'Highest number of entries of topic.to.external.resource.mapping.',
  },
  'data.stream.type': {
    ...text,
    default: 'NONE',
    ...recommends('logs', 'metrics', 'none'),
    ...low,
    displayName: 'Data Stream Type',
    doc: 'First part of the names of data streams, such as logs or metrics. With NONE, the connector writes to indexes. Set it together with data.stream.dataset.',
  },
  'data.stream.dataset': {
    ...text,
    default: '',
    validate: partOfDataStream('dataset'),
    importance: 'low',
    width: 'medium',
    displayName: 'Data Stream Dataset',
    examples: ['shop.orders'],
    doc: 'Second part of the names of data streams, which are type-dataset-namespace.',
  },
  'data.stream.namespace': {
    ...text,
    default: '${topic}',
    validate: partOfDataStream('namespace'),
    importance: 'low',
    width: 'medium',
    displayName: 'Data Stream Namespace',
    doc: 'Third part of the names of data streams; ${topic} stands for the topic in lower case. The result is cut at 100 characters.',
  },
  'data.stream.timestamp.field': {
    ...list,
    default: [],
    importance: 'low',
    width: 'long',
    displayName: 'Data Stream Timestamp Field',
    doc: 'Fields of values that become @timestamp in data streams: the first one that a record has. If the list is empty, the timestamp of the record does.',
  },
})

const batches = defineConfig({
  'batch.size': {
    ...int,
    default: 2000,
    validate: between(1, 1_000_000),
    importance: 'medium',
    ...narrow,
    displayName: 'Batch Size',
    doc: 'Highest number of records in a bulk request.',
  },
  'bulk.size.bytes': {
    ...long,
    default: 5 * 1024 * 1024,
    validate: between(-1, MAX_INT),
    ...low,
    displayName: 'Bulk Size (bytes)',
    doc: 'Size of a bulk request in bytes: it is sent when the next record would exceed it. -1 for no limit of its own; then 64 MiB apply.',
  },
  'max.in.flight.requests': {
    ...int,
    default: 5,
    validate: between(1, 1000),
    importance: 'medium',
    ...narrow,
    displayName: 'Max In-flight Requests',
    doc: 'Highest number of bulk requests of a task at the same time. Fewer are sent while the server is overloaded. The records of one document keep their order in any case.',
  },
  'max.buffered.records': {
    ...int,
    default: 20_000,
    validate: between(1, MAX_INT),
    ...low,
    displayName: 'Max Buffered Records',
    doc: 'Number of records that a task holds before it pauses its partitions. Must be at least batch.size × max.in.flight.requests.',
  },
  'linger.ms': {
    ...long,
    default: 1,
    validate: between(0, 7 * DAY_MS),
    ...low,
    displayName: 'Linger (ms)',
    doc: 'How long records wait for a full bulk request, in milliseconds.',
  },
  'flush.timeout.ms': {
    ...long,
    default: 180_000,
    validate: between(1000, 7 * DAY_MS),
    ...low,
    displayName: 'Flush Timeout (ms)',
    doc: 'How long a commit of offsets waits for bulk requests with flush.synchronously=true, in milliseconds. What is not written by then is committed later.',
  },
  'flush.synchronously': {
    ...bool,
    default: false,
    ...low,
    displayName: 'Flush synchronously',
    doc: 'Whether a commit of offsets waits until all records are written. Otherwise it commits the offsets of those that are. Transforms may rename topics in both cases.',
  },
})

const requests = defineConfig({
  'max.retries': {
    ...int,
    default: 5,
    validate: between(0, MAX_INT),
    ...low,
    displayName: 'Max Retries',
    doc: 'How often an operation is sent again after an error that says nothing about its cause. Overload, outages and blocked indexes are waited for without limit.',
  },
  'retry.backoff.ms': {
    ...long,
    default: 100,
    validate: between(0, DAY_MS),
    ...low,
    displayName: 'Retry Backoff (ms)',
    doc: 'Wait before the first retry in milliseconds. It doubles with each retry. Retry-After of the server takes precedence.',
  },
  'connection.compression': {
    ...bool,
    default: false,
    ...low,
    displayName: 'Compression',
    doc: 'Whether requests and responses are compressed with gzip.',
  },
  'max.connection.idle.time.ms': {
    ...int,
    default: 60_000,
    validate: between(-1, DAY_MS),
    ...low,
    displayName: 'Max Connection Idle Time',
    doc: 'After this time without requests a connection is closed, in milliseconds; -1 for never.',
  },
  'connection.timeout.ms': {
    ...int,
    default: 1000,
    validate: between(0, 12 * HOUR_MS),
    ...low,
    displayName: 'Connection Timeout',
    doc: 'Time in which a connection must be established, in milliseconds; 0 for no limit.',
  },
  'read.timeout.ms': {
    ...int,
    default: 3000,
    validate: between(0, 7 * DAY_MS),
    ...low,
    displayName: 'Read Timeout',
    doc: 'A request on whose connection nothing moves for this time has failed, in milliseconds; 0 for no limit. It is sent again.',
  },
})

export const connectionSettings = inGroup('Connector', { ...servers, ...targets, ...batches, ...requests })
