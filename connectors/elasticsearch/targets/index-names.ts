import { ConnectError } from '../../../api/index.ts'

const MOST_CHARACTERS = 255
const MOST_BYTES = 255
const MOST_NAMESPACE_CHARACTERS = 100

/** Returns the name of the index for a topic. Source: ElasticsearchSinkTask.convertTopicToIndexName. */
export function indexNameOfTopic(topic: string): string {
  const name = withoutFirstMark(topic.toLowerCase().slice(0, MOST_CHARACTERS))
  return name === '.' || name === '..' ? name.replaceAll('.', 'dot') : name
}

/** Removes one `-` or `_` from the start, where Elasticsearch does not allow it. */
export function withoutFirstMark(name: string): string {
  return name.startsWith('-') || name.startsWith('_') ? name.slice(1) : name
}

/** The parts of the names of data streams: `logs-orders-eu`. */
export interface DataStreamParts {
  /** `data.stream.type` in lower case: `logs` or `metrics` */
  readonly type: string
  /** `data.stream.dataset` */
  readonly dataset: string
  /** `data.stream.namespace`; `${topic}` stands for the topic in lower case. */
  readonly namespace: string
}

/** Returns the name of the data stream for a topic. Source: ElasticsearchSinkTask.convertTopicToDataStreamName. */
export function dataStreamNameOfTopic(topic: string, { type, dataset, namespace }: DataStreamParts): string {
  const filled = namespace.replaceAll('${topic}', () => topic.toLowerCase())
  return `${type}-${dataset}-${filled.slice(0, MOST_NAMESPACE_CHARACTERS)}`
}

const ILLEGAL = /[\\/*?"<>| ,#:\u0000-\u001f\ud800-\udfff]/u

/** Returns what makes a name unusable for an index, an alias or a data stream; undefined if it is valid. */
export function indexNameFault(name: string): string | undefined {
  if (name === '') return 'it is empty'
  if (name === '.' || name === '..') return 'it has only dots'
  if (/^[-_+]/.test(name)) return `it starts with '${name[0]}'`
  const illegal = ILLEGAL.exec(name)?.[0]
  if (illegal !== undefined) return `it contains ${JSON.stringify(illegal)}`
  if (name !== name.toLowerCase()) return 'it has upper-case letters'
  const bytes = Buffer.byteLength(name)
  return bytes > MOST_BYTES ? `it has ${bytes} bytes, and at most ${MOST_BYTES} are possible` : undefined
}

/** Throws `HR_DATA_INVALID` if the server does not accept the name. */
export function refuseIllegalName(name: string, origin: string): void {
  const fault = indexNameFault(name)
  if (fault === undefined) return
  const shown = JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name)
  throw new ConnectError('HR_DATA_INVALID', `${origin} is no valid name of an index: ${shown}: ${fault}`)
}
