import type { Finding, Props } from '../../../../api/index.ts'
import { nameFault } from '../../../../config/index.ts'
import { topicNameFault } from '../../../../java/index.ts'
import { listedTopics } from '../setup/sink-topics.ts'

/** Returns an error if the REST API cannot address the connector. */
export function connectorNameFindings(props: Props): Finding[] {
  const name = props['name'] ?? ''
  const fault = name === '' ? undefined : nameFault(name)
  if (fault === undefined) return []
  return [
    {
      id: 'connector-name',
      severity: 'error',
      message: `The REST API cannot address the connector, not even to delete it: ${fault}.`,
      remedy: 'Choose another name.',
    },
  ]
}

/** Returns an error for each topic in common settings whose name Kafka rejects. */
export function topicNameFindings(
  kind: 'source' | 'sink',
  props: Props,
  hide: (text: string) => string,
): Finding[] {
  const named: readonly (readonly [key: string, topic: string])[] =
    kind === 'sink'
      ? [
          ...listedTopics(props).map((topic) => ['topics', topic] as const),
          ...optional(props, 'errors.deadletterqueue.topic.name'),
        ]
      : optional(props, 'offsets.storage.topic')
  return named.flatMap(([key, topic]) => {
    const fault = topicNameFault(topic)
    return fault === undefined ? [] : [invalidTopic(key, hide(topic), fault)]
  })
}

function optional(props: Props, key: string): (readonly [string, string])[] {
  const topic = props[key]?.trim() ?? ''
  return topic === '' ? [] : [[key, topic]]
}

const invalidTopic = (key: string, topic: string, fault: string): Finding => ({
  id: 'topic-name',
  severity: 'error',
  message: `Kafka rejects the topic name '${topic}': ${fault}.`,
  remedy: `Correct the setting ${key}.`,
})
