import { changedRecord, defineConfig, version, type ConnectRecord, type Transform } from '../../api/index.ts'
import { simpleDateFormat } from '../../java/index.ts'
import { transformName } from '../catalog.ts'
import { invalid } from '../structs.ts'

const config = defineConfig({
  'topic.format': {
    type: 'string',
    default: '${topic}-${timestamp}',
    importance: 'high',
    doc: 'New topic name. ${topic} is replaced with the original topic, ${timestamp} with the formatted timestamp of the record.',
  },
  'timestamp.format': {
    type: 'string',
    default: 'yyyyMMdd',
    importance: 'high',
    examples: ['yyyy-MM', "yyyy-MM-dd'T'HH"],
    doc: 'Format of the timestamp: a java.text.SimpleDateFormat pattern, in UTC.',
  },
})

/** Adds the timestamp of a record to its topic name. Source: TimestampRouter. */
export const timestampRouter: Transform<typeof config> = {
  kind: 'transformation',
  name: transformName('TimestampRouter'),
  version,
  config,
  create({ 'topic.format': topicFormat, 'timestamp.format': pattern }) {
    // Java parses the pattern at the first record, so an invalid pattern fails then, not at startup
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
