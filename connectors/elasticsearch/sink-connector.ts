import type { SinkConnector } from '../../api/index.ts'
import { connectorCatalog } from '../catalog.ts'
import { startEqualTasks } from '../shared/equal-tasks.ts'
import { loadedWhenCalled } from '../shared/loaded-when-called.ts'
import { elasticsearchSinkConfig } from './config/definition.ts'

/**
 * Writes records to indexes or data streams of Elasticsearch.
 *
 * The names of indexes, ids, documents and mappings are those of Confluent's connector. Each record is written at least once,
 * and with ids from keys or offsets, each document ends in its last version; see the README.
 *
 * Source: ElasticsearchSinkConnector, ElasticsearchSinkTask.
 */
export const elasticsearchSink: SinkConnector<typeof elasticsearchSinkConfig> = {
  ...connectorCatalog.elasticsearchSink,
  taskClass: 'io.confluent.connect.elasticsearch.ElasticsearchSinkTask',
  config: elasticsearchSinkConfig,
  start: startEqualTasks,
  alterOffsets: () => true,
  ...loadedWhenCalled(() => import('./sink-methods.ts'), ['validate', 'diagnose', 'openTask']),
}
