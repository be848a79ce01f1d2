import type { ConfigDef } from '../../api/index.ts'
import {
  connectorConfig,
  distributedWorkerConfig,
  ownConnectorConfig,
  sinkConfig,
  sourceConfig,
  standaloneWorkerConfig,
} from '../../config/index.ts'
import { fetchConfig } from '../../runtime/kafka/fetcher/settings.ts'
import { groupConfig } from '../../runtime/kafka/group/settings.ts'
import { producerConfig } from '../../runtime/kafka/producer/settings.ts'
import { clientConfig, securityConfig } from '../../runtime/kafka/settings/client.ts'
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
    'Settings of a worker',
    `A worker's property file is one of Kafka Connect's, unchanged. A value may refer to a config provider:
\`\${env:NAME}\`. Settings of clients stand behind \`producer.\`, \`consumer.\` and \`admin.\`
([client settings](client-settings.md)), those of converters behind \`key.converter.\`, \`value.converter.\` and
\`header.converter.\` ([converters](converters.md)).`,
    '## Both kinds of workers',
    settingsTable(shared),
    '## Distributed',
    settingsTable(pick(distributedWorkerConfig, (key) => !(key in shared) && !(key in own))),
    '## Standalone',
    settingsTable(pick(standaloneWorkerConfig, (key) => !(key in shared) && !(key in own))),
    '## Of Headrace only',
    'Kafka Connect does not have these; a Java worker warns about them and goes on.',
    settingsTable(own),
  )
}

export function connectorSettingsPage(): string {
  return page(
    'Settings of every connector',
    'What a connector has beside them says [connectors](connectors.md), or `GET /connector-plugins/<class>/config`.',
    '## Sources and sinks',
    settingsTable(connectorConfig),
    '## Sources',
    settingsTable(sourceConfig),
    `### Topic creation

The topics that a source writes to are created as the first group says whose patterns match the topic's name; the
group \`default\` is for the rest and has no patterns. A setting that a group does not have is taken from \`default\`;
any other key of a group is a setting of the topic, such as \`topic.creation.default.cleanup.policy\`. Without any
\`topic.creation.\` setting, topics are left to the broker.`,
    settingsTable(topicGroupConfig, 'topic.creation.<group>.'),
    '## Sinks',
    settingsTable(sinkConfig),
    '## Of Headrace only',
    `Kafka Connect does not have these. They show in its answers, such as those of \`…/config/validate\`, only where they are
submitted. Sources may also have the \`errors.deadletterqueue.*\` of sinks.`,
    settingsTable(ownConnectorConfig),
    '## Each transform',
    'Beside `transforms.<name>.type` and the settings of [the transform itself](transforms.md):',
    settingsTable(everyTransformConfig, 'transforms.<name>.'),
  )
}

export function clientSettingsPage(): string {
  return page(
    'Settings of Kafka clients',
    `A worker sets them for all connectors behind \`producer.\`, \`consumer.\` and \`admin.\`; a connector for itself behind
\`producer.override.\`, \`consumer.override.\` and \`admin.override.\`, as far as
\`connector.client.config.override.policy\` of the worker allows. The worker's own clients take those of its top
level. A setting that is not listed has no effect; the log says so.`,
    '## All clients',
    settingsTable(clientConfig),
    '## Security',
    'Key stores may be PEM or PKCS12. JKS is refused with the command line that converts it.',
    settingsTable(securityConfig),
    '## Producers of source connectors',
    settingsTable(producerConfig),
    '## Consumers of sink connectors',
    settingsTable({ ...fetchConfig, ...groupConfig }),
  )
}

function pick(def: ConfigDef, wanted: (key: string) => boolean): ConfigDef {
  return Object.fromEntries(Object.entries(def).filter(([key]) => wanted(key)))
}
