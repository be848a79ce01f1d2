import { version } from '../api/index.ts'

const PACKAGE = 'org.apache.kafka.connect.transforms'

/** Each of these is available twice: as `…$Key` and as `…$Value`. */
const fieldTransforms = [
  'Cast',
  'ExtractField',
  'Flatten',
  'HeaderFrom',
  'HoistField',
  'InsertField',
  'MaskField',
  'ReplaceField',
  'SetSchemaMetadata',
  'TimestampConverter',
] as const

const recordTransforms = [
  'DropHeaders',
  'Filter',
  'InsertHeader',
  'RegexRouter',
  'TimestampRouter',
  'ValueToKey',
] as const

const predicates = ['HasHeaderKey', 'RecordIsTombstone', 'TopicNameMatches'] as const

/** A transform that Kafka Connect does not have. */
export const EXPRESSION = 'headrace.transforms.Expression'

const debeziumTransforms = [
  'connector.postgresql.transforms.DecodeLogicalDecodingMessageContent',
  'transforms.ExtractNewRecordState',
  'transforms.outbox.EventRouter',
] as const

export type FieldTransformName = (typeof fieldTransforms)[number]
export type RecordTransformName = (typeof recordTransforms)[number]
export type PredicateName = (typeof predicates)[number]

export const transformName = (name: FieldTransformName | RecordTransformName): string => `${PACKAGE}.${name}`
export const debeziumName = (name: (typeof debeziumTransforms)[number]): string => `io.debezium.${name}`
export const predicateName = (name: PredicateName): string => `${PACKAGE}.predicates.${name}`

/** Names and kinds of the built-in transforms. Does not load their code. */
export const transformCatalog = [
  ...fieldTransforms.flatMap((name) => [`${transformName(name)}$Key`, `${transformName(name)}$Value`]),
  ...recordTransforms.map(transformName),
  ...debeziumTransforms.map(debeziumName),
  EXPRESSION,
].map((name) => ({ name, kind: 'transformation' as const, version }))

export const predicateCatalog = predicates.map((name) => ({
  name: predicateName(name),
  kind: 'predicate' as const,
  version,
}))
