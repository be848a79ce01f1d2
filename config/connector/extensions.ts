import { defineConfig, oneOfIgnoringCase, type ConfigDef } from '../../api/index.ts'
import { deadLetterConfig } from './sink.ts'

/** Settings that Kafka Connect does not have, for every connector. */
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
    doc: 'Whether the connector and its tasks share processes with others, or have a process of their own: dedicated.',
  },
})

/**
 * What a connector may set beyond Kafka Connect's settings. Answers that Kafka Connect gives as well show only those
 * that were submitted.
 */
export function extensionConfig(kind: 'source' | 'sink'): ConfigDef {
  return kind === 'source' ? { ...ownConnectorConfig, ...deadLetterConfig } : ownConnectorConfig
}
