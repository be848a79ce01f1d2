import type { ConfigDef } from '../../api/index.ts'
import {
  connectorConfig,
  distributedWorkerConfig,
  ownConnectorConfig,
  sinkConfig,
  sourceConfig,
  standaloneWorkerConfig,
} from '../../config/index.ts'
import { topicGroupConfig } from '../../runtime/task/index.ts'
import { everyTransformConfig } from '../../runtime/validation/index.ts'
import { page } from './markdown.ts'
import { settingsTable } from './settings.ts'

export function workerSettingsPage(): string {
  const all: ConfigDef = { ...distributedWorkerConfig, ...standaloneWorkerConfig }
  const own = pick(all, (key) => all[key]?.extension === true)
  const shared = pick(
    all,
    (key) => key in distributedWorkerConfig && key in standaloneWorkerConfig && !(key in own),
  )
  return page(
    'Worker settings',
    `A worker reads the same property file as a Kafka Connect worker. A value may refer to a config provider:
\`\${env:NAME}\`. Client settings have the prefix \`producer.\`, \`consumer.\` or \`admin.\`
([client settings](client-settings.md)), converter settings the prefix \`key.converter.\`, \`value.converter.\` or
\`header.converter.\` ([converters](converters.md)).`,
    '## Distributed and standalone',
    settingsTable(shared),
    '## Distributed',
    settingsTable(pick(distributedWorkerConfig, (key) => !(key in shared) && !(key in own))),
    '## Standalone',
    settingsTable(pick(standaloneWorkerConfig, (key) => !(key in shared) && !(key in own))),
    '## Headrace only',
    'Kafka Connect does not have these settings. A Java worker logs a warning and ignores them.',
    settingsTable(own),
  )
}

export function connectorSettingsPage(): string {
  return page(
    'Common connector settings',
    `For the settings of a specific connector, see [connectors](connectors.md) or
\`GET /connector-plugins/<class>/config\`.`,
    '## Sources and sinks',
    settingsTable(connectorConfig),
    '## Sources',
    settingsTable(sourceConfig),
    `### Topic creation

A source creates a topic with the settings of the first group whose patterns match the topic name. The group
\`default\` has no patterns and applies to all other topics. A group inherits missing settings from \`default\`. Any other
key of a group is a topic setting, such as \`topic.creation.default.cleanup.policy\`. Without any \`topic.creation.\`
setting, the source does not create topics; the broker may create them automatically.`,
    settingsTable(topicGroupConfig, 'topic.creation.<group>.'),
    '## Sinks',
    settingsTable(sinkConfig),
    '## Headrace only',
    `Kafka Connect does not have these settings. Responses such as those of \`…/config/validate\` include them only if the
request sets them. Sources also support the \`errors.deadletterqueue.*\` settings of sinks.`,
    settingsTable(ownConnectorConfig),
    '## Transforms',
    'In addition to `transforms.<name>.type` and the settings of [the transform](transforms.md):',
    settingsTable(everyTransformConfig, 'transforms.<name>.'),
  )
}

function pick(def: ConfigDef, wanted: (key: string) => boolean): ConfigDef {
  return Object.fromEntries(Object.entries(def).filter(([key]) => wanted(key)))
}
