import type { Props } from '../../../../api/index.ts'
import { parseValue } from '../../../../config/index.ts'
import { topicGroups, type TopicGroup } from '../../../task/index.ts'

/**
 * Returns the topic creation groups of a source. Returns undefined when it has none, or when the worker
 * disables topic creation (`topic.creation.enable`).
 *
 * Throws `HR_CONFIG_INVALID`. Source: SourceConnectorConfig, Worker.sourceConnectorTopicCreationEnabled.
 */
export function permittedTopicGroups(
  worker: Readonly<Record<string, string>>,
  connector: Props,
): readonly TopicGroup[] | undefined {
  const key = 'topic.creation.enable'
  return parseValue(key, 'boolean', worker[key] ?? 'true') === true ? topicGroups(connector) : undefined
}
