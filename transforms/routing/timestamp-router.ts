import {
  changedRecord,
  defineConfig,
  simpleDateFormat,
  version,
  type ConnectRecord,
  type Transform,
} from '../../api/index.ts'
import { transformName } from '../catalog.ts'
import { invalid } from '../structs.ts'

const config = defineConfig({
  'topic.format': {
    type: 'string',
    default: '${topic}-${timestamp}',
    importance: 'high',
    doc: 'New topic, with ${topic} for the present one and ${timestamp} for the time of the record.',
  },
  'timestamp.format': {
    type: 'string',
    default: 'yyyyMMdd',
    importance: 'high',
    doc: 'How the time is written, in UTC, as a pattern of java.text.SimpleDateFormat.',
  },
})

/** Sends records to a topic that tells their time. Source: TimestampRouter. */
export const timestampRouter: Transform<typeof config> = {
  kind: 'transformation',
  name: transformName('TimestampRouter'),
  version,
  config,
  create({ 'topic.format': topicFormat, 'timestamp.format': pattern }) {
    // Java reads the pattern at the first record, so that is when a wrong one is an error
    let format: ReturnType<typeof simpleDateFormat> | undefined
    return {
      apply: (record) => {
        const { timestamp, topic }: { readonly timestamp: number | null; readonly topic: string | null } =
          record
        if (timestamp === null) throw invalid(`Timestamp missing on record: ${placeOf(record)}`)
        format ??= simpleDateFormat(pattern)
        if (topic === null) throw invalid('A record without a topic cannot be routed')
        const time = format.format(new Date(timestamp))
        const route = topicFormat.replaceAll('${topic}', () => topic).replaceAll('${timestamp}', () => time)
        return changedRecord(record, { topic: route })
      },
    }
  },
}

function placeOf({ topic, partition }: ConnectRecord): string {
  return `topic ${topic}, partition ${partition}`
}
