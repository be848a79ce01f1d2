import {
  changedRecord,
  compileJavaRegex,
  ConnectError,
  makeSchema,
  STRING,
  version,
  withHeader,
  type ConnectRecord,
  type Logger,
  type Schema,
  type SchemaAndValue,
  type Transform,
} from '../../api/index.ts'
import { debeziumName } from '../catalog.ts'
import { fieldValue, invalid, isNull, nullInRequired, type Fields } from '../structs.ts'
import { envelopeOf, structIn, type Envelope } from './envelope.ts'
import { outboxConfig, parseExtraColumns, type ExtraColumn, type OutboxConfig } from './outbox-config.ts'
import { expandedJson, type JsonNulls } from './outbox-json.ts'

/** A row of the outbox table. */
type Row = NonNullable<ReturnType<typeof structIn>>

/**
 * Makes events of the rows that are put into an outbox table. Deletes and tombstones are dropped, and records that
 * are no change events pass as they are.
 *
 * Source: io.debezium.transforms.outbox.EventRouter. Differs: without tracing.
 */
export const eventRouter: Transform<typeof outboxConfig> = {
  kind: 'transformation',
  name: debeziumName('outbox.EventRouter'),
  version,
  config: outboxConfig,
  create(config, context) {
    const log = context?.log
    const extras = parseExtraColumns(config['table.fields.additional.placement'])
    const regex = compileJavaRegex(config['route.topic.regex'])
    const topicFor = (value: string) =>
      regex.matches(value) ? regex.replaceFirst(value, config['route.topic.replacement']) : value
    return {
      apply: (record) => {
        if (isNull(record.value)) return null
        const envelope = envelopeOf(record)
        if (envelope === undefined) return record
        const operation = envelope.value['op']
        if (operation === 'd') return null
        if (operation === 'u') {
          reportUpdate(config['table.op.invalid.behavior'].toLowerCase(), log)
          return null
        }
        const row = structIn(envelope, 'after')
        if (row === undefined)
          throw invalid('Only Struct objects supported for [Read Outbox Event], found: null')
        return routed(record, { envelope, row, config, extras, log, topicFor })
      },
    }
  },
}

function reportUpdate(behaviour: string, log: Logger | undefined): void {
  const message = 'an outbox table was updated; the update is ignored'
  if (behaviour === 'fatal')
    throw new ConnectError('HR_ILLEGAL_STATE', 'Unexpected update of the outbox table')
  if (behaviour === 'error') log?.error(message)
  else log?.warn(message)
}

interface Routing {
  readonly envelope: Envelope
  readonly row: Row
  readonly config: OutboxConfig
  readonly extras: readonly ExtraColumn[]
  readonly log: Logger | undefined
  topicFor(value: string): string
}

function routed<R extends ConnectRecord>(record: R, routing: Routing): R {
  const { envelope, row, config, log } = routing
  const route = config['route.by.field']
  const idColumn = config['table.field.event.id']
  const payload = payloadOf(row, config, log)
  const id = columnOf(row, idColumn, `Unable to find event-id field ${idColumn} in event`)
  const routeValue = String(columnOf(row, route, `${route} is not a valid field name`).value)
  const headers = withHeader(record.headers, 'id', id.schema, id.value)
  const placed = placedColumns(headers, routing)
  const empty = isNull(payload.value) || String(payload.value).trim() === ''
  const wrapped =
    placed.envelope.length === 0 ? payload : wrap(payload, placed.envelope, row, config, routeValue)
  const value = empty && config['route.tombstone.on.empty.payload'] ? { schema: null, value: null } : wrapped
  const key = keyOf(row, config['table.field.event.key'])
  return changedRecord(record, {
    topic: routing.topicFor(routeValue),
    partition: placed.partition,
    keySchema: key.schema,
    key: key.value,
    valueSchema: value.schema,
    value: value.value,
    timestamp: timestampOf(envelope, row, config['table.field.event.timestamp']),
    headers: placed.headers,
  })
}

interface Column {
  readonly schema: Schema
  readonly value: unknown
}

function columnOf({ schema, value }: Row, name: string, missing: string): Column {
  const field = schema.field(name)
  if (field === undefined) throw new ConnectError('HR_CONNECT', missing)
  return { schema: field.schema, value: fieldValue(value, name, field.schema, true) }
}

function payloadOf(row: Row, config: OutboxConfig, log: Logger | undefined): SchemaAndValue {
  const name = config['table.field.event.payload']
  const payload = columnOf(row, name, `Unable to find payload field ${name} in event`)
  if (!config['table.expand.json.payload']) return payload
  const nulls = config['table.json.payload.null.behavior'].toLowerCase() as JsonNulls
  const expanded =
    typeof payload.value === 'string' ? expandedJson(payload.value, name, nulls) : 'the payload is no text'
  if (typeof expanded !== 'string') return expanded
  log?.warn('the payload of an outbox event is not expanded', { reason: expanded })
  return payload
}

/** Without a column for it the key is null, a text. */
function keyOf(row: Row, name: string): SchemaAndValue {
  return row.schema.field(name) === undefined ? { schema: STRING, value: null } : columnOf(row, name, '')
}

interface PlacedColumns {
  readonly headers: ConnectRecord['headers']
  readonly partition: number | null
  /** Those that go into the value, under their aliases. */
  readonly envelope: readonly (Column & { readonly alias: string })[]
}

function placedColumns(headers: ConnectRecord['headers'], { row, extras, config }: Routing): PlacedColumns {
  const required =
    config['table.fields.additional.error.on.missing'] ??
    config['table.field.additional.missing'].toLowerCase() === 'error'
  let all = headers
  let partition: number | null = null
  const envelope: (Column & { alias: string })[] = []
  for (const { column: name, placement, alias } of extras) {
    if (row.schema.field(name) === undefined) {
      if (required) throw invalid(`${name} is not a valid field name`)
      continue
    }
    const column = columnOf(row, name, '')
    if (placement === 'header') all = withHeader(all, alias, column.schema, column.value)
    else if (placement === 'partition') partition = column.value as number | null
    else envelope.push({ ...column, alias })
  }
  return { headers: all, partition, envelope }
}

/** The payload and further columns in a struct, whose name tells the route. */
function wrap(
  payload: SchemaAndValue,
  columns: PlacedColumns['envelope'],
  row: Row,
  config: OutboxConfig,
  route: string,
): SchemaAndValue {
  const versionColumn = config['table.field.event.schema.version']
  const schemaVersion =
    versionColumn === null
      ? null
      : (columnOf(row, versionColumn, `${versionColumn} is not a valid field name`).value as number)
  const payloadSchema = payload.schema as Schema
  if (isNull(payload.value) && !payloadSchema.optional) throw nullInRequired('payload', payloadSchema)
  const schema = makeSchema({
    type: 'struct',
    name: schemaName(row.schema.name, route),
    version: schemaVersion,
    fields: [['payload', payloadSchema], ...columns.map((column) => [column.alias, column.schema] as const)],
  })
  const value: Fields = Object.fromEntries([
    ['payload', payload.value],
    ...columns.map((column) => [column.alias, column.value] as const),
  ])
  return { schema, value }
}

/** The row's name with the route before its last part. */
function schemaName(name: string | null, route: string): string {
  if (name === null) return route
  const dot = name.lastIndexOf('.') + 1
  return `${name.slice(0, dot)}${route}.${name.slice(dot)}`
}

const PER_MS: Readonly<Record<string, bigint>> = {
  'io.debezium.time.Timestamp': 1n,
  'io.debezium.time.MicroTimestamp': 1000n,
  'io.debezium.time.NanoTimestamp': 1_000_000n,
}

function timestampOf({ value }: Envelope, row: Row, name: string | null): number | null {
  const eventTime = (value['ts_ms'] ?? null) as number | null
  if (name === null) return eventTime
  const column = columnOf(row, name, `Unable to find timestamp field ${name} in event`)
  if (isNull(column.value)) return eventTime
  const perMs = PER_MS[column.schema.name ?? '']
  if (perMs !== undefined) return Number(BigInt(column.value as number | bigint) / perMs)
  const type = column.schema.name ?? `${column.schema.type.toUpperCase()} (without logical schema name)`
  throw new ConnectError('HR_CONNECT', `Unsupported field type ${type} for event timestamp`)
}
