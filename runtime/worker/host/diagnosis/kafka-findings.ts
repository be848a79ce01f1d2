import { ConnectError, reasonOf, type Finding, type Props } from '../../../../api/index.ts'
import { topicNameFault } from '../../../../java/index.ts'
import { openClient, type TopicMetadata, type TopicSelection } from '../../../kafka/index.ts'
import { within } from '../../../timing/index.ts'
import type { HostEnvironment } from '../environment.ts'
import { consumerProps, producerProps } from '../setup/client-props.ts'
import { topicSelection } from '../setup/sink-topics.ts'

/** Shorter than the timeout of a diagnosis: the other findings do not depend on Kafka. */
const KAFKA_MS = 10_000
const UNKNOWN_TOPIC = 3
const TOPIC_AUTHORIZATION_FAILED = 29

/** Returns whether the connector's Kafka client reaches a broker, and which topics of a sink do not exist. */
export async function kafkaFindings(
  { worker, loggers }: HostEnvironment,
  kind: 'source' | 'sink',
  props: Props,
  { signal, hide }: { readonly signal: AbortSignal; readonly hide: (text: string) => string },
): Promise<Finding[]> {
  const id = { connector: props['name'] ?? '', task: 0 }
  const log = loggers.logger('headrace.diagnosis', { connector: id.connector })
  const { topics: listed, matches }: TopicSelection = kind === 'sink' ? topicSelection(props) : { topics: [] }
  try {
    const own = (kind === 'sink' ? consumerProps : producerProps)(worker, props, id)
    const client = await openClient(own, log)
    try {
      const asked = matches === undefined ? listed.filter(isValid) : null
      const { topics } = await within(KAFKA_MS, client.refresh(asked), noAnswer, signal)
      if (matches === undefined) return topics.flatMap((topic) => topicFinding(topic, hide))
      const found = topics.some(({ topic, errorCode }) => errorCode === 0 && matches(topic))
      return found ? [] : [unmatched(hide(props['topics.regex'] ?? ''))]
    } finally {
      await client.close()
    }
  } catch (error) {
    return [unreachable(kind, hide(reasonOf(error)))]
  }
}

const isValid = (topic: string): boolean => topicNameFault(topic) === undefined

function noAnswer(): never {
  throw new ConnectError('HR_KAFKA_UNAVAILABLE', `No broker responded within ${KAFKA_MS} ms`)
}

function topicFinding({ topic: name, errorCode }: TopicMetadata, hide: (text: string) => string): Finding[] {
  const topic = hide(name)
  if (errorCode === UNKNOWN_TOPIC) {
    return [
      {
        id: 'topic-missing',
        severity: 'warning',
        message: `The topic ${topic} does not exist. The sink waits until it does.`,
        remedy: `Create the topic ${topic}, or correct the setting topics.`,
      },
    ]
  }
  if (errorCode !== TOPIC_AUTHORIZATION_FAILED) return []
  return [
    {
      id: 'topic-not-authorized',
      severity: 'error',
      message: `Kafka does not allow the consumer of the connector to describe the topic ${topic}.`,
      remedy: `Allow the principal of the consumer to describe and read the topic ${topic}.`,
    },
  ]
}

const unmatched = (pattern: string): Finding => ({
  id: 'topic-missing',
  severity: 'warning',
  message: `No topic matches the pattern ${pattern}. The sink waits until one does.`,
  remedy: 'Create a topic that matches the pattern, or correct the setting topics.regex.',
})

function unreachable(kind: 'source' | 'sink', reason: string): Finding {
  const client = kind === 'sink' ? 'consumer' : 'producer'
  return {
    id: 'kafka-unreachable',
    severity: 'error',
    message: `The ${client} of the connector cannot reach Kafka: ${reason}`,
    remedy: `Check that the brokers run, and the ${client} settings of the worker (${client}.*) and the connector (${client}.override.*).`,
  }
}
