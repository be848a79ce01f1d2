import { between, defineConfig } from '../../../../api/index.ts'
import { inGroup } from '../../../shared/setting-rules.ts'
import { connectionSettings } from '../../config/settings/connection.ts'

/** Source: OpenSearchSinkConnectorConfig.addConnectorConfigs. Differs: numbers that cannot work are refused. */
export const connectorSettings = inGroup(
  'Connector',
  defineConfig({
    'connection.url': connectionSettings['connection.url'],
    'batch.size': connectionSettings['batch.size'],
    'max.in.flight.requests': connectionSettings['max.in.flight.requests'],
    'max.buffered.records': connectionSettings['max.buffered.records'],
    'linger.ms': connectionSettings['linger.ms'],
    'flush.timeout.ms': {
      ...connectionSettings['flush.timeout.ms'],
      default: 10_000,
      validate: between(1),
      doc: 'How long a commit of offsets waits for bulk requests, in milliseconds. What is not written by then is committed later.',
    },
    'max.retries': connectionSettings['max.retries'],
    'retry.backoff.ms': connectionSettings['retry.backoff.ms'],
    'connection.timeout.ms': connectionSettings['connection.timeout.ms'],
    'read.timeout.ms': connectionSettings['read.timeout.ms'],
  }),
)
