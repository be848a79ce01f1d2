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
} as const
