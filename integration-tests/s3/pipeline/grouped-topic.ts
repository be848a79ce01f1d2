import { Kafka, logLevel } from 'kafkajs'
import { createTopic, uniqueName, type NumberedTopic } from '../../services/index.ts'

const BATCH = 500
const schema = {
  type: 'struct',
  fields: [
    { field: 'partition', type: 'int32' },
    { field: 'number', type: 'int32' },
    { field: 'text', type: 'string' },
  ],
}

/**
 * Creates a topic for FieldPartitioner and fills it with structs. What other topics have in partitions, it has in groups: the
 * field `partition` of a record is its group. Texts have a length of `textLength`.
 */
export async function writeGroups(
  servers: string,
  {
    groups,
    each,
    textLength,
  }: { readonly groups: number; readonly each: number; readonly textLength: number },
): Promise<NumberedTopic> {
  const name = uniqueName('groups')
  await createTopic(servers, name, {})
  const producer = new Kafka({ brokers: servers.split(','), logLevel: logLevel.NOTHING }).producer()
  await producer.connect()
  try {
    for (let first = 0; first < groups * each; first += BATCH) {
      const messages = Array.from({ length: Math.min(BATCH, groups * each - first) }, (_, index) => {
        const number = Math.floor((first + index) / groups)
        const payload = {
          partition: (first + index) % groups,
          number,
          text: textOf(first + index, textLength),
        }
        return { partition: 0, value: JSON.stringify({ schema, payload }) }
      })
      await producer.send({ topic: name, messages, acks: -1 })
    }
  } finally {
    await producer.disconnect()
  }
  return { name, partitions: groups, each, written: Promise.resolve(), stop: async () => {} }
}

/** Digits that compress to about half. */
function textOf(seed: number, length: number): string {
  let text = ''
  for (let at = seed + 1; text.length < length; at++) text += String(Math.imul(at, 0x9e3779b1) >>> 0)
  return text.slice(0, length)
}
