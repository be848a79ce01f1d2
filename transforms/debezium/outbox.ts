import {
  changedRecord,
  ConnectError,
  makeSchema,
  version,
  withHeader,
  type ConnectRecord,
  type Logger,
  type Schema,
  type SchemaAndValue,
  type Transform,
} from '../../api/index.ts'
import { compileJavaRegex } from '../../java/index.ts'
import { debeziumName } from '../catalog.ts'
import { invalid, isNull, nullInRequired, requireStruct } from '../structs.ts'
import { envelopeOf, stateOf, type Envelope } from './envelope.ts'
import { outboxConfig, parseExtraColumns, type ExtraColumn, type OutboxConfig } from './outbox-config.ts'
import { expandedJson, type JsonNulls } from './outbox-json.ts'
import { columnOf, placedColumns, type PlacedColumns } from './outbox-columns.ts'
import { nullsAsDefaults } from './settings.ts'
import { fieldOf, typedField, type Row } from './typed-field.ts'

/**
 * Converts the change events of an outbox table to the events stored in its rows. Drops deletes and tombstones. Records
 * that are not change events pass through unchanged.
 *
 * Source: io.debezium.transforms.outbox.EventRouter. Differs: no tracing; a null routing column fails with a specific
 * error; sink records keep their partition; each struct is named after its own route.
 */
export const eventRouter: Transform<typeof outboxConfig> = {
  kind: 'transformation',
  name: debeziumName('transforms.outbox.EventRouter'),
  version,
  config: outboxConfig,
  create(given, context) {
    const config = nullsAsDefaults(outboxConfig, given)
    const log = context?.log
    const extras = parseExtraColumns(config['table.fields.additional.placement'] ?? [])
    const regex = compileJavaRegex(config['route.topic.regex'])
    const topicFor = (value: string) =>
      regex.matches(value) ? regex.replaceFirst(value, config['route.topic.replacement']) : value
    return {
      apply: (record) => {
        if (isNull(record.value)) return null
        const envelope = envelopeOf(record)
        if (envelope === undefined) return record
        const operation = typedField(envelope, 'op', 'string')
        if (operation === 'd') return null
        if (operation === 'u') {
          reportUpdate(config['table.op.invalid.behavior'].toLowerCase(), log)
          return null
        }
        const { schema, value } = stateOf(envelope, 'after')
        const row = { schema, value: requireStruct(schema, value, 'Read Outbox Event') }
        return routed(record, { envelope, row, config, extras, log, topicFor })
      },
    }
  },
}

function reportUpdate(behaviour: string, log: Logger | undefined): void {
  const message = 'ignoring an unexpected update of the outbox table'
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
  const { envelope, row, config, extras, log } = routing
  const column = columnOf(row, config['table.field.event.payload'], 'payload ')
  const timestamp = timestampOf(envelope, row, config['table.field.event.timestamp'])
  const id = fieldOf(row, config['table.field.event.id'])
  const headers = withHeader(record.headers, 'id', id.schema, id.value)
  const payload = expanded(column, config, log)
  const route = routeOf(row, config['route.by.field'])
  const placed = placedColumns(headers, row, extras, config)
  const empty = isNull(payload.value) || isBlank(payload.value)
  const wrapped = extras.some(({ placement }) => placement === 'envelope')
    ? wrap(payload, placed.envelope, row, config, route)
    : payload
  const value = empty && config['route.tombstone.on.empty.payload'] ? { schema: null, value: null } : wrapped
  const key = fieldOf(row, config['table.field.event.key'])
  return changedRecord(record, {
    topic: routing.topicFor(route),
    partition: placed.partition ?? ('originalTopic' in record ? record.partition : null),
    keySchema: key.schema,
    key: key.value,
    valueSchema: value.schema,
    value: value.value,
    timestamp,
    headers: placed.headers,
  })
}

/** Whether Java's `String.trim` would leave nothing. */
const isBlank = (value: unknown): boolean => typeof value === 'string' && /^[\u0000- ]*$/.test(value)

/** Throws `HR_DATA_INVALID` if the column is null, because the topic is then unknown. */
function routeOf(row: Row, column: string): string {
  const route = typedField(row, column, 'string')
  if (route === null) throw invalid(`Cannot route the event: column ${column} is null`)
  return route
}

function expanded(payload: SchemaAndValue, config: OutboxConfig, log: Logger | undefined): SchemaAndValue {
  if (!config['table.expand.json.payload'] || payload.value === null) return payload
  const name = config['table.field.event.payload']
  const nulls = config['table.json.payload.null.behavior'].toLowerCase() as JsonNulls
  const result =
    typeof payload.value === 'string'
      ? expandedJson(payload.value, name, nulls)
      : 'the payload is not a string'
  if (typeof result !== 'string') return result
  log?.warn('cannot expand the payload of an outbox event; leaving it unchanged', { reason: result })
  return payload
}

/** Wraps the payload and the additional columns in a struct that is named after the route. */
function wrap(
  payload: SchemaAndValue,
  columns: PlacedColumns['envelope'],
  row: Row,
  config: OutboxConfig,
  route: string,
): SchemaAndValue {
  const versionColumn = config['table.field.event.schema.version']
  const schemaVersion = versionColumn === null ? null : typedField(row, versionColumn, 'int32')
  const payloadSchema = payload.schema as Schema
  if (isNull(payload.value) && !payloadSchema.optional) throw nullInRequired('payload', payloadSchema)
  const schema = makeSchema({
    type: 'struct',
    name: schemaName(row.schema.name, route),
    version: schemaVersion,
    fields: [['payload', payloadSchema], ...columns.map((column) => [column.alias, column.schema] as const)],
  })
  const value = Object.fromEntries([
    ['payload', payload.value],
    ...columns.map((column) => [column.alias, column.value] as const),
  ])
  return { schema, value }
}

/** Inserts the route before the last part of the row's schema name. */
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

function timestampOf(envelope: Envelope, row: Row, name: string | null): number | null {
  const own = name === null ? null : ownTime(row, name)
  return own ?? (typedField(envelope, 'ts_ms', 'int64') as number | null)
}

function ownTime(row: Row, name: string): number | null {
  const { schema } = columnOf(row, name, 'timestamp ')
  const time = typedField(row, name, 'int64')
  if (time === null) return null
  const perMs = PER_MS[schema.name ?? '']
  if (perMs !== undefined) return Number(BigInt(time) / perMs)
  const type = schema.name ?? `${schema.type.toUpperCase()} (without logical schema name)`
  throw new ConnectError('HR_CONNECT', `Unsupported field type ${type} for event timestamp`)
}
