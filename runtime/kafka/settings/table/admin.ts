import { defineClientTable, unsupported } from './client-setting.ts'
import { producerTable } from './producer.ts'
import { partlySharedTable, sharedTable } from './shared.ts'

/** Settings specific to admin clients. Source: AdminClientConfig. */
export const adminTable = defineClientTable({
  'bootstrap.servers': { ...sharedTable['bootstrap.servers'], javaDefault: [] },
  'retries': unsupported('int', producerTable.retries.default, 'low', producerTable.retries.doc),
  'default.api.timeout.ms': partlySharedTable['default.api.timeout.ms'],
  'connections.max.idle.ms': { ...sharedTable['connections.max.idle.ms'], default: 300_000 },
  'enable.metrics.push': { ...sharedTable['enable.metrics.push'], default: false },
  'bootstrap.controllers': unsupported(
    'list',
    [],
    'high',
    'Controllers for the initial connection, as host:port, instead of brokers.',
  ),
})
