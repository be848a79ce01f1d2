import type { SourceConnector } from '../../../../api/index.ts'
import { connectorCatalog } from '../../../catalog.ts'
import { loadedWhenCalled } from '../../../shared/loaded-when-called.ts'
import { tasksOf } from '../task-settings.ts'
import { aivenSourceConfig } from './definition.ts'

/**
 * Reads objects of a bucket of S3 or a compatible storage, with the settings of Aiven's connector. The key of a record is the
 * key of its object.
 *
 * Source: io.aiven.kafka.connect.s3.source.S3SourceConnector. Differs: positions have a bounded size, and are not those of
 * Aiven's connector: to go on after it, set native.start.key.
 */
export const aivenS3Source: SourceConnector<typeof aivenSourceConfig> = {
  ...connectorCatalog.aivenS3Source,
  taskClass: 'io.aiven.kafka.connect.s3.source.S3SourceTask',
  config: aivenSourceConfig,
  start: (_config, { props }) => ({ taskConfigs: (maxTasks) => tasksOf(props, maxTasks) }),
  exactlyOnceSupport: () => 'supported',
  ...loadedWhenCalled(() => import('./methods.ts'), ['validate', 'alterOffsets', 'diagnose', 'openTask']),
}
