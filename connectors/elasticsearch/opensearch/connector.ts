import type { SinkConnector } from '../../../api/index.ts'
import { connectorCatalog } from '../../catalog.ts'
import { startEqualTasks } from '../../shared/equal-tasks.ts'
import { loadedWhenCalled } from '../../shared/loaded-when-called.ts'
import { opensearchSinkConfig } from './definition.ts'

/**
 * Writes records to indexes or data streams of OpenSearch, with the settings of Aiven's connector.
 *
 * It has the guarantees of the sink for Elasticsearch. Roles of AWS are refused.
 *
 * Source: OpenSearchSinkConnector, OpenSearchSinkTask.
 */
export const opensearchSink: SinkConnector<typeof opensearchSinkConfig> = {
  ...connectorCatalog.opensearchSink,
  taskClass: 'io.aiven.kafka.connect.opensearch.OpensearchSinkTask',
  config: opensearchSinkConfig,
  start: startEqualTasks,
  alterOffsets: () => true,
  ...loadedWhenCalled(() => import('./methods.ts'), ['validate', 'diagnose', 'openTask']),
}
