import { ConnectError, STRING, type SinkRecord } from '../../../../api/index.ts'
import { sinkRecord } from '../../../../testing/index.ts'
import type { ObjectFormat, Partitioner, Rotation, SinkPlan, View } from '../../ports.ts'

export const TOPIC = 't'
export const HOUR = 3_600_000

/** Lines of JSON. A value `bad` cannot be written; with `holds`, the encoder holds the lines until they are released. */
export function lines(extension: string, { holds = false }: { readonly holds?: boolean } = {}): ObjectFormat {
  return {
    extension,
    contentType: 'text/plain',
    contentEncoding: null,
    open(schema, output) {
      let held: Buffer[] = []
      const pass = () => {
        for (const line of held) output(line)
        held = []
      }
      return {
        get heldBytes() {
          return held.reduce((sum, { length }) => sum + length, 0)
        },
        keptBytes: 0,
        write(value, of) {
          if (of !== schema) throw new Error('the schema of a value differs from that of the object')
          if (value === 'bad') throw new ConnectError('HR_DATA_INVALID', 'bad value')
          held.push(Buffer.from(`${JSON.stringify(value)}\n`))
          if (!holds) pass()
        },
        release: async () => pass(),
        end: async () => pass(),
      }
    },
  }
}

export const valueView: View = {
  kind: 'value',
  format: lines('.json'),
  read: ({ value, valueSchema }) => ({ value, schema: valueSchema }),
}

export const keyView: View = {
  kind: 'key',
  format: lines('.keys.json'),
  read({ key, keySchema }) {
    if (key === null) throw new ConnectError('HR_DATA_INVALID', 'Key cannot be null')
    return { value: key, schema: keySchema }
  },
}

export const headersView: View = {
  kind: 'headers',
  format: lines('.headers.json'),
  read({ headers }) {
    if (headers.length === 0) throw new ConnectError('HR_DATA_INVALID', 'Headers cannot be null')
    return { value: headers.map(({ key }) => key), schema: null }
  },
}

type Overrides = Partial<Omit<SinkPlan, 'rotation' | 'partitioner'>> & {
  readonly rotation?: Partial<Rotation>
  readonly partitioner?: Partial<Partitioner>
}

/** A plan with Confluent's names, that closes objects after three records. */
export function planOf({ rotation, partitioner, ...init }: Overrides = {}): SinkPlan {
  return {
    partitioner: { directoryOf: ({ partition }) => `partition=${partition}`, ...partitioner },
    rotation: {
      flushSize: 3,
      intervalMs: null,
      onDirectoryChange: true,
      nextScheduled: null,
      atCommit: false,
      maxOpenDirectories: null,
      ...rotation,
    },
    compatibility: {
      mustRotate: ({ schema }, current) => schema !== current,
      project: (value) => value,
    },
    views: [valueView],
    objectKey: ({ topic, originalTopic, partition, directory, startOffset }, { format }) =>
      `${topic}/${directory}/${originalTopic}+${partition}+${String(startOffset).padStart(4, '0')}${format.extension}`,
    whenExists: 'keep',
    nullValues: 'fail',
    tombstoneDirectory: 'tombstone',
    latestOnly: false,
    retryBackoffMs: 1,
    maxPutMs: null,
    ...init,
  }
}

/** Directory and time of a record by its timestamp: a directory for each hour. */
export const hourly: Partitioner = {
  directoryOf: ({ timestamp }) => `hour=${Math.floor((timestamp ?? 0) / HOUR)}`,
  timeOf: ({ timestamp }) => timestamp,
}

/** A directory for each value. */
export const byValue: Partitioner = { directoryOf: ({ value }) => `v=${String(value)}` }

export function recordAt(offset: number, init: Partial<SinkRecord> = {}): SinkRecord {
  const value: unknown = `v${offset}`
  return sinkRecord({ topic: TOPIC, partition: 0, offset, valueSchema: STRING, value, ...init })
}

/** Records at offsets from `from` to before `to`. */
export function records(
  from: number,
  to: number,
  init?: (offset: number) => Partial<SinkRecord>,
): SinkRecord[] {
  return Array.from({ length: to - from }, (_, index) => recordAt(from + index, init?.(from + index)))
}
