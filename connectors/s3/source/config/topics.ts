import { messageOf } from '../../../../api/index.ts'
import { compileJavaRegex, topicNameFault, type JavaRegex } from '../../../../java/index.ts'

/** A topic, and the keys of its objects. */
export interface TopicPattern {
  readonly topic: string
  readonly regex: JavaRegex
}

const TOPIC = '${topic}'

/** Returns the topic of records from one in the name of an object. */
export const topicFor = (template: string | null, topic: string): string =>
  template === null ? topic : template.replaceAll(TOPIC, () => topic)

/** Parses `topic.regex.list`. The settings are valid. */
export function topicPatterns(list: readonly string[]): readonly TopicPattern[] {
  return list.map(splitPattern).map(([topic, regex]) => ({ topic, regex: compileJavaRegex(regex) }))
}

/** Returns what is wrong with an element of `topic.regex.list`. */
export function patternFault(element: string): string | undefined {
  const [topic, regex] = splitPattern(element)
  if (topic === '' || regex === '') return `${element} is not of the form topic:regex`
  const fault = topicNameFault(topic)
  if (fault !== undefined) return `Kafka rejects the topic name ${topic}: ${fault}`
  try {
    compileJavaRegex(regex)
    return undefined
  } catch (error) {
    return `${regex} is not a regular expression: ${messageOf(error)}`
  }
}

/** Returns what is wrong with `topic`. */
export function templateFault(template: string, isGeneric: boolean): string | undefined {
  if (isGeneric && template.includes(TOPIC))
    return `with mode=GENERIC, there is no topic to replace ${TOPIC} with`
  const fault = topicNameFault(topicFor(template, 'topic'))
  return fault === undefined ? undefined : `Kafka rejects such a topic name: ${fault}`
}

function splitPattern(element: string): [topic: string, regex: string] {
  const at = element.indexOf(':')
  return at < 0 ? [element.trim(), ''] : [element.slice(0, at).trim(), element.slice(at + 1).trim()]
}
