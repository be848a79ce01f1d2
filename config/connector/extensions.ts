import { defineConfig, oneOfIgnoringCase, type ConfigDef } from '../../api/index.ts'
import { deadLetterConfig } from './sink.ts'

/** Settings of all connectors that Kafka Connect does not have. */
export const ownConnectorConfig = defineConfig({
  'task.isolation': {
    type: 'string',
    extension: true,
    default: 'shared',
    validate: oneOfIgnoringCase('shared', 'dedicated'),
    importance: 'low',
    group: 'Common',
    width: 'short',
    displayName: 'Task isolation',
    doc: 'Whether the connector and its tasks run in processes shared with other connectors, or in a dedicated process.',
  },
})

/**
 * Returns the settings of a connector that Kafka Connect does not have. Responses of Kafka Connect's own routes
 * include only those that the request submitted.
 */
export function extensionConfig(kind: 'source' | 'sink'): ConfigDef {
  return kind === 'source' ? { ...ownConnectorConfig, ...deadLetterConfig } : ownConnectorConfig
}
