import { defineConfig, nonEmpty, rule } from '../../../../api/index.ts'
import { bool, inGroup, list, text } from '../../../shared/setting-rules.ts'
import { conversionSettings } from '../../config/settings/conversion.ts'
import { oneOfNames } from '../../config/settings/rules.ts'

const low = { importance: 'low', width: 'short' } as const

/** Source: OpenSearchSinkConnectorConfig.addConversionConfigs. */
export const conversionOfAiven = inGroup(
  'Data Conversion',
  defineConfig({
    'index.write.method': {
      ...oneOfNames('insert', 'upsert'),
      default: 'insert',
      ...low,
      displayName: 'Index write method',
      doc: 'insert replaces the whole document. upsert changes only the fields that the record has.',
    },
    'key.ignore': conversionSettings['key.ignore'],
    'key.ignore.id.strategy': {
      ...oneOfNames('none', 'record.key', 'topic.partition.offset'),
      default: 'topic.partition.offset',
      importance: 'low',
      width: 'long',
      displayName: 'Document ID generation strategy',
      doc: 'Ids of documents whose keys are ignored: topic.partition.offset, record.key, or none for ids of the server. none needs key.ignore=true.',
    },
    'schema.ignore': conversionSettings['schema.ignore'],
    'compact.map.entries': conversionSettings['compact.map.entries'],
    'topic.key.ignore': conversionSettings['topic.key.ignore'],
    'topic.schema.ignore': conversionSettings['topic.schema.ignore'],
    'drop.invalid.message': conversionSettings['drop.invalid.message'],
    'behavior.on.null.values': { ...conversionSettings['behavior.on.null.values'], default: 'ignore' },
    'behavior.on.malformed.documents': {
      ...oneOfNames('ignore', 'warn', 'fail', 'report'),
      default: 'fail',
      ...low,
      displayName: 'Behavior on malformed documents',
      doc: 'What happens with documents that the server does not accept: ignore them, log a warning, report them, or fail. They are reported to the dead-letter queue in any case.',
    },
    'behavior.on.version.conflict': {
      ...oneOfNames('ignore', 'warn', 'fail', 'report'),
      default: 'fail',
      ...low,
      displayName: "Behavior on document's version conflict (optimistic locking)",
      doc: 'Without effect. In an index, a conflict shows that the record, or a later one with its key, is stored. In a data stream, it shows that there is a document with its id. Both are successes.',
    },
    'routing.type': {
      ...oneOfNames('none', 'key', 'value'),
      default: 'none',
      importance: 'low',
      width: 'long',
      displayName: 'Routing type',
      doc: 'What routes documents to shards: their ids (none), or a field of the value (value). key is the same as none if keys are ids, and is refused otherwise.',
    },
    'routing.type.record.value.path': {
      ...text,
      default: null,
      validate: rule('A JSON Pointer to a field, such as /customer/id', (value) =>
        value === null || /^(?:\/[^/~.]+)+$/.test(String(value))
          ? undefined
          : 'a JSON Pointer to a field is expected',
      ),
      importance: 'low',
      width: 'long',
      displayName: "The routing value is determined by the record's value",
      examples: ['/customer/id'],
      doc: 'Field of the value that routes, as a JSON Pointer.',
    },
  }),
)

const stream = { importance: 'medium', width: 'long' } as const

/** Source: OpenSearchSinkConnectorConfig.addDataStreamConfig. */
export const dataStreamSettings = inGroup(
  'Data Stream',
  defineConfig({
    'data.stream.enabled': {
      ...bool,
      default: false,
      ...stream,
      displayName: 'Data stream name',
      doc: 'Whether each topic is written to a data stream instead of an index. The connector creates it, with an index template. Documents are only added to it: of several with one id, the first one stays.',
    },
    'data.stream.prefix': {
      ...text,
      default: null,
      validate: nonEmpty,
      ...stream,
      displayName: 'Data stream name',
      examples: ['logs'],
      doc: 'Start of the names of data streams, which are prefix-topic. Default: the topic alone. It needs data.stream.enabled=true.',
    },
    'data.stream.timestamp.field': {
      ...text,
      default: '@timestamp',
      validate: nonEmpty,
      ...stream,
      displayName: 'Data stream timestamp field',
      doc: 'Field of documents with their timestamp. If it is @timestamp and a value has none, the timestamp of the record is added.',
    },
    'data.streams.existing.index.template.name': {
      ...text,
      default: null,
      validate: nonEmpty,
      ...stream,
      displayName: 'Data stream name',
      doc: 'Index template of the data streams. If it does not exist, the connector creates it for the first data stream. Default: one for each data stream, with its name and -connector-data-stream-template. It needs data.stream.enabled=true.',
    },
  }),
)

/** Source: OpenSearchSinkConnectorConfig.addExistingResourcesConfigs. */
export const existingResourceSettings = inGroup(
  'Topic to Existing Resource Mappings',
  defineConfig({
    'existing.resource.type': {
      ...oneOfNames('index', 'data_stream', 'index_alias', 'none'),
      default: 'none',
      ...low,
      displayName: 'Existing Resource Type',
      doc: 'Kind of the existing resources that topics are written to: index, data_stream or index_alias. With none, the connector creates an index or a data stream for each topic.',
    },
    'topic.to.existing.resource.mapping': {
      ...list,
      default: null,
      importance: 'low',
      width: 'long',
      displayName: 'Topic to resource mappings',
      examples: ['orders:shop-orders,customers:shop-customers'],
      doc: 'Existing index, data stream or alias of each topic, as topic:resource. At most 10, each topic and each resource once.',
    },
  }),
)
