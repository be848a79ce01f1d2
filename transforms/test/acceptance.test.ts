import {
  INT32,
  noHeaders,
  sourceRecord,
  STRING,
  struct,
  type Transform,
  type SinkRecord,
} from '../../api/index.ts'
import { transformAcceptance } from '../../testing/index.ts'
import { parseConfig } from '../../config/index.ts'
import { transforms } from '../index.ts'

/** Settings of the transforms to test. */
const settings: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Cast: { spec: 'size:int64' },
  ExtractField: { field: 'name' },
  Flatten: {},
  HoistField: { field: 'whole' },
  InsertField: { 'static.field': 'origin', 'static.value': 'here' },
  MaskField: { fields: 'name' },
  ReplaceField: { renames: 'name:title' },
  RegexRouter: { regex: 'rows', replacement: 'lines' },
  SetSchemaMetadata: { 'schema.name': 'Row' },
  ValueToKey: { fields: 'name' },
}

/** These transforms only accept records with a schema. */
const needSchema = new Set(['SetSchemaMetadata'])

const schema = struct({ name: STRING, size: INT32 })
const value = { name: 'one', size: 1 }
const whole = { keySchema: schema, key: value, valueSchema: schema, value, timestamp: 0 }
const source = { topic: 'rows', sourcePartition: { file: 'a' }, sourceOffset: { position: 1 } }
const fromKafka: SinkRecord = {
  ...whole,
  topic: 'rows',
  partition: 0,
  headers: noHeaders,
  offset: 7,
  timestampType: 'CreateTime',
  originalTopic: 'rows',
  originalPartition: 0,
  originalOffset: 7,
}
const records = [
  sourceRecord({ ...source, ...whole }),
  sourceRecord({ ...source, key: value, value, timestamp: 0 }),
  fromKafka,
]

for (const transform of (transforms.transforms ?? []) as readonly Transform[]) {
  const [, name = ''] = /(\w+)(?:\$(?:Key|Value))?$/.exec(transform.name) ?? []
  const props = settings[name]
  if (props !== undefined) {
    const usable = needSchema.has(name) ? records.filter(({ valueSchema }) => valueSchema !== null) : records
    transformAcceptance({ transform, config: parseConfig(transform.config, props), records: usable })
  }
}
