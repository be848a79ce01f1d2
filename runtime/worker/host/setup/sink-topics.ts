import type { Props } from '../../../../api/index.ts'
import { parseValue } from '../../../../config/index.ts'
import { compileJavaRegex } from '../../../../java/index.ts'
import type { TopicSelection } from '../../../kafka/index.ts'

/** Returns the topics that a sink names in `topics`. */
export const listedTopics = (props: Props): readonly string[] =>
  parseValue('topics', 'list', props['topics'] ?? '') as readonly string[]

/** Returns the topics that a sink reads: those that match `topics.regex` if it is set, otherwise those it names. */
export function topicSelection(props: Props): TopicSelection {
  const pattern = props['topics.regex'] ?? ''
  if (pattern === '') return { topics: [...new Set(listedTopics(props))] }
  const regex = compileJavaRegex(pattern)
  return { topics: [], matches: (topic) => regex.matches(topic) }
}
