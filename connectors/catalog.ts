import { version } from '../api/index.ts'

/** Names and kinds of the built-in connectors, for the herder's process, which does not load their code. */
export const connectorCatalog = {
  fileSource: { name: 'org.apache.kafka.connect.file.FileStreamSourceConnector', kind: 'source', version },
  fileSink: { name: 'org.apache.kafka.connect.file.FileStreamSinkConnector', kind: 'sink', version },
  postgresSource: {
    name: 'io.debezium.connector.postgresql.PostgresConnector',
    kind: 'source',
    version,
    aliases: ['headrace.postgres'],
    handlesDeletion: true,
  },
  s3Sink: {
    name: 'io.confluent.connect.s3.S3SinkConnector',
    kind: 'sink',
    version,
    aliases: ['headrace.s3.S3Sink'],
  },
  aivenS3Sink: {
    name: 'io.aiven.kafka.connect.s3.AivenKafkaConnectS3SinkConnector',
    kind: 'sink',
    version,
  },
  s3Source: {
    name: 'headrace.s3.S3Source',
    kind: 'source',
    version,
    aliases: [
      'io.confluent.connect.s3.source.S3SourceConnector',
      'io.confluent.connect.s3.S3SourceConnector',
      'S3SourceConnector', // ambiguous, because Aiven's class has the same simple name
    ],
  },
  elasticsearchSink: {
    name: 'io.confluent.connect.elasticsearch.ElasticsearchSinkConnector',
    kind: 'sink',
    version,
    aliases: ['headrace.elasticsearch.ElasticsearchSink'],
  },
  opensearchSink: {
    name: 'io.aiven.kafka.connect.opensearch.OpensearchSinkConnector',
    kind: 'sink',
    version,
    aliases: ['io.aiven.kafka.connect.opensearch.OpenSearchSinkConnector'],
  },
  aivenS3Source: { name: 'io.aiven.kafka.connect.s3.S3SourceConnector', kind: 'source', version },
} as const
