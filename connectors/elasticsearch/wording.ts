import type { Product } from './server/settings.ts'

/** How the messages of a connector call its server and its settings. */
export interface Wording {
  readonly product: 'Elasticsearch' | 'OpenSearch'
  readonly connectorClass: string
  /** Prefix of the settings of TLS. */
  readonly tlsPrefix: string
  /** The settings with which the server is logged in to. */
  readonly login: string
  /** The setting with the existing resource of each topic. */
  readonly resourceMapping: string
  /** What makes the connector write to data streams. */
  readonly useDataStreams: string
  /** What makes it write to indexes again. */
  readonly useIndexes: string
  /** What gives a topic another index. */
  readonly renameIndex: string
  /** What gives documents a routing. */
  readonly setRouting: string
  /** The setting with the ingest pipeline. */
  readonly pipeline: string
  /** What writes documents whatever their stored versions are. */
  readonly ignoreVersions: string
}

export const wordings: Readonly<Record<Product, Wording>> = {
  elasticsearch: {
    product: 'Elasticsearch',
    connectorClass: 'io.confluent.connect.elasticsearch.ElasticsearchSinkConnector',
    tlsPrefix: 'elastic.https.',
    login: 'connection.username and connection.password, or headrace.api.key',
    resourceMapping: 'topic.to.external.resource.mapping',
    useDataStreams: 'set data.stream.type and data.stream.dataset, or external.resource.usage',
    useIndexes: 'change external.resource.usage, or remove data.stream.type and data.stream.dataset',
    renameIndex: 'rename the topic with a transform, or set headrace.index.name',
    setRouting: 'set headrace.routing.field',
    pipeline: 'headrace.pipeline',
    ignoreVersions: 'use external.version.header or write.method=upsert',
  },
  opensearch: {
    product: 'OpenSearch',
    connectorClass: 'io.aiven.kafka.connect.opensearch.OpensearchSinkConnector',
    tlsPrefix: 'connection.',
    login: 'connection.username and connection.password, or aws.access_key_id and aws.secret_access_key',
    resourceMapping: 'topic.to.existing.resource.mapping',
    useDataStreams: 'set data.stream.enabled=true, or existing.resource.type=data_stream',
    useIndexes: 'change existing.resource.type, or remove data.stream.enabled',
    renameIndex: 'rename the topic with a transform',
    setRouting: 'set routing.type=value and routing.type.record.value.path',
    pipeline: 'index.default_pipeline of the index',
    ignoreVersions: 'use index.write.method=upsert',
  },
}
