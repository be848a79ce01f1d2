const MAX_LENGTH = 249

/** Returns why Kafka rejects a topic name, or undefined for a valid one. Source: org.apache.kafka.common.internals.Topic. */
export function topicNameFault(name: string): string | undefined {
  if (name === '') return 'it is empty'
  if (name === '.' || name === '..') return "the names '.' and '..' are not allowed"
  if (name.length > MAX_LENGTH) return `it has ${name.length} characters, more than ${MAX_LENGTH}`
  if (/[^\w.-]/.test(name)) return "only ASCII letters, digits, '.', '_' and '-' are allowed"
  return undefined
}
