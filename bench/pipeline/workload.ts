import { createWriteStream } from 'node:fs'
import { once } from 'node:events'

type Config = Readonly<Record<string, string>>

/** A connector to measure. Its records are counted at the destination. */
export interface Workload {
  readonly title: string
  readonly direction: 'file to topic' | 'topic to file'
  /** The connector configuration without file and topic. */
  readonly config: Config
}

const string = 'org.apache.kafka.connect.storage.StringConverter'
const json = 'org.apache.kafka.connect.json.JsonConverter'
const transforms = 'org.apache.kafka.connect.transforms'

const jsonWithSchemas: Config = {
  'key.converter': string,
  'value.converter': json,
  'value.converter.schemas.enable': 'true',
}
const plainText: Config = { 'key.converter': string, 'value.converter': string }

/** Lines as plain strings, in both directions; and as structs with a schema, through transforms. */
export const workloads: readonly Workload[] = [
  { title: 'file → topic, text', direction: 'file to topic', config: plainText },
  { title: 'topic → file, text', direction: 'topic to file', config: plainText },
  {
    title: 'file → 3 transforms → JSON with schemas → topic',
    direction: 'file to topic',
    config: {
      ...jsonWithSchemas,
      'transforms': 'hoist,insert,replace',
      'transforms.hoist.type': `${transforms}.HoistField$Value`,
      'transforms.hoist.field': 'line',
      'transforms.insert.type': `${transforms}.InsertField$Value`,
      'transforms.insert.static.field': 'source',
      'transforms.insert.static.value': 'bench',
      'transforms.replace.type': `${transforms}.ReplaceField$Value`,
      'transforms.replace.renames': 'line:text',
    },
  },
  {
    title: 'topic → JSON with schemas → ExtractField → file',
    direction: 'topic to file',
    config: {
      ...jsonWithSchemas,
      'transforms': 'extract',
      'transforms.extract.type': `${transforms}.ExtractField$Value`,
      'transforms.extract.field': 'text',
    },
  },
]

/** Returns the connector configuration for a workload. */
export function connectorConfig(workload: Workload, file: string, topic: string): Config {
  const ends: Config =
    workload.direction === 'file to topic'
      ? { 'connector.class': 'org.apache.kafka.connect.file.FileStreamSourceConnector', topic }
      : { 'connector.class': 'org.apache.kafka.connect.file.FileStreamSinkConnector', 'topics': topic }
  return { ...ends, file, 'tasks.max': '1', ...workload.config }
}

/** Characters per line, without the newline. */
export const LINE_LENGTH = 94
const FILLER = 'The quick brown fox jumps over the lazy dog. '.repeat(3)

/** Writes `lines` distinct lines of the same length. */
export async function writeLines(path: string, lines: number): Promise<void> {
  const out = createWriteStream(path)
  for (let first = 0; first < lines; first += 10_000) {
    const count = Math.min(10_000, lines - first)
    const block = Array.from({ length: count }, (_, index) => line(first + index)).join('')
    if (!out.write(block)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'finish')
}

const line = (number: number): string =>
  `${String(number).padStart(10, '0')} ${FILLER}`.slice(0, LINE_LENGTH) + '\n'
