import type { SourceConnector } from '../../api/index.ts'
import { connectorCatalog } from '../catalog.ts'
import { validateWithConnection } from './config/connection-check.ts'
import { postgresConfig } from './config/definition.ts'
import { dynamicSettings } from './config/dynamic-settings.ts'
import { connect } from './connection/database.ts'
import { diagnosePostgres } from './diagnosis/diagnose.ts'
import { removeSlot } from './slot/deletion.ts'
import { validateOffsets } from './streaming/altered-offsets.ts'
import { openPostgresTask } from './task.ts'

/**
 * Captures the changes of PostgreSQL tables through logical replication, as the events of Debezium.
 *
 * The partition is `{ server }`, the prefix of the topics; the offset is that of Debezium. There is always a single task,
 * regardless of `tasks.max`.
 *
 * Source: PostgresConnector, PostgresConnectorTask.
 */
export const postgresSource: SourceConnector<typeof postgresConfig> = {
  ...connectorCatalog.postgresSource,
  taskClass: 'io.debezium.connector.postgresql.PostgresConnectorTask',
  config: postgresConfig,
  dynamicConfig: dynamicSettings,
  validate: (props) => validateWithConnection(props, connect),
  start: (_config, { props }) => ({ taskConfigs: () => [props] }),
  exactlyOnceSupport: () => 'supported',
  diagnose: (props, context) => diagnosePostgres(props, context),
  deleted: (props, context) => removeSlot(props, context),
  alterOffsets: validateOffsets,
  openTask: (_config, context) => openPostgresTask(context),
}
