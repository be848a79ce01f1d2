import { defineConfig, rule } from '../../../../api/index.ts'
import { conversionSettings } from '../../config/settings/conversion.ts'
import { inGroup, list, oneOfNames, refused, text } from '../../config/settings/rules.ts'
import { alwaysFalse } from './always-false.ts'

const low = { importance: 'low', width: 'short' } as const
const NO_DATA_STREAMS = 'data streams of OpenSearch are not supported; write to an index or the alias of one'

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
      doc: 'Without effect: a conflict shows that the record, or a later one with its key, is stored, which is a success.',
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
      ...alwaysFalse(NO_DATA_STREAMS),
      ...stream,
      displayName: 'Data stream name',
      doc: 'Whether records are written to data streams. Not supported.',
    },
    'data.stream.prefix': {
      ...text,
      default: null,
      validate: refused(NO_DATA_STREAMS),
      ...stream,
      displayName: 'Data stream name',
      doc: 'Start of the names of data streams. Not supported.',
    },
    'data.stream.timestamp.field': {
      ...text,
      default: '@timestamp',
      validate: rule('[@timestamp]', (value) => (value === '@timestamp' ? undefined : NO_DATA_STREAMS)),
      ...stream,
      displayName: 'Data stream timestamp field',
      doc: 'Field with the timestamp in data streams. Not supported.',
    },
    'data.streams.existing.index.template.name': {
      ...text,
      default: null,
      validate: refused(NO_DATA_STREAMS),
      ...stream,
      displayName: 'Data stream name',
      doc: 'Index template of data streams. Not supported.',
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
      validate: rule('[index, index_alias, none]', (value) => {
        if (['index', 'index_alias', 'none'].includes(String(value).toLowerCase())) return undefined
        return String(value).toLowerCase() === 'data_stream'
          ? NO_DATA_STREAMS
          : 'Value must be one of: [index, index_alias, none]'
      }),
      ...low,
      displayName: 'Existing Resource Type',
      doc: 'Kind of the existing resources that topics are written to: index or index_alias. With none, the connector creates an index for each topic.',
    },
    'topic.to.existing.resource.mapping': {
      ...list,
      default: null,
      importance: 'low',
      width: 'long',
      displayName: 'Topic to resource mappings',
      examples: ['orders:shop-orders,customers:shop-customers'],
      doc: 'Existing resource of each topic, as topic:resource. At most 10, each topic and each resource once.',
    },
  }),
)
