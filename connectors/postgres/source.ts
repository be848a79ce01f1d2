import type { SourceConnector } from '../../api/index.ts'
import { connectorCatalog } from '../catalog.ts'
import { loadedWhenCalled } from '../shared/loaded-when-called.ts'
import { postgresConfig } from './config/definition.ts'
import { dynamicSettings } from './config/dynamic-settings.ts'

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
  start: (_config, { props }) => ({ taskConfigs: () => [props] }),
  exactlyOnceSupport: () => 'supported',
  ...loadedWhenCalled(
    () => import('./source-methods.ts'),
    ['validate', 'alterOffsets', 'diagnose', 'deleted', 'openTask'],
  ),
}
