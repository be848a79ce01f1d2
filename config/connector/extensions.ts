import { defineConfig, oneOfIgnoringCase, type ConfigDef } from '../../api/index.ts'
import { tagList } from '../definition/index.ts'
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
  'headrace.placement': {
    type: 'list',
    extension: true,
    default: [],
    validate: tagList,
    importance: 'low',
    group: 'Common',
    width: 'medium',
    displayName: 'Placement',
    doc: 'Tags that a worker must have in headrace.worker.tags to run the connector and its tasks: name=value pairs, separated by commas; any worker by default.',
  },
})

/**
 * Returns the settings of a connector that Kafka Connect does not have. Responses of Kafka Connect's own routes
 * include only those that the request submitted.
 */
export function extensionConfig(kind: 'source' | 'sink'): ConfigDef {
  return kind === 'source' ? { ...ownConnectorConfig, ...deadLetterConfig } : ownConnectorConfig
}
