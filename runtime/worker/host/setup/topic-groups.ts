import type { Props } from '../../../../api/index.ts'
import { parseValue } from '../../../../config/index.ts'
import { topicGroups, type TopicGroup } from '../../../task/index.ts'

/**
 * How a source wants its topics created; undefined when it does not say so, or the worker does not let it
 * (`topic.creation.enable`).
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
