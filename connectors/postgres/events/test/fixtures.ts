import {
  INT32,
  OPTIONAL_INT32,
  OPTIONAL_STRING,
  STRING,
  type Schema,
  type SourceOffset,
  type SourceRecord,
} from '../../../../api/index.ts'
import {
  NULL_CELL,
  UNCHANGED_CELL,
  type Column,
  type ColumnReader,
  type Row,
  type RowOrigin,
  type Table,
} from '../../ports.ts'
import { eventContext, type EventContext, type EventSettings, type FieldRules } from '../context.ts'
import type { ChangeOffsets, EventOrigin } from '../ports.ts'
import { processingTime } from '../processing-time.ts'
import type { Change } from '../records.ts'
import { tableEvents, type TableEvents } from '../table-events.ts'

/** Cell of a row whose TOASTed value was not sent. */
export const unchanged = Symbol('unchanged')

type Cell = string | null | typeof unchanged

/** Builds a row from the texts of its cells. */
export function rowOf(...cells: readonly Cell[]): Row {
  const starts = new Int32Array(cells.length)
  const ends = new Int32Array(cells.length)
  let text = '#'
  for (const [index, cell] of cells.entries()) {
    starts[index] = cell === null ? NULL_CELL : cell === unchanged ? UNCHANGED_CELL : text.length
    if (typeof cell === 'string') text += cell
    ends[index] = text.length
  }
  return { bytes: Buffer.from(text), starts, ends, count: cells.length }
}

const INT4 = 23
const TEXT = 25

/** Describes a column such as `id int not null`. */
function columnOf(text: string, index: number): Column {
  const [name = '', type = ''] = text.split(' ')
  return {
    name,
    number: index + 1,
    typeOid: type === 'int' ? INT4 : TEXT,
    typmod: -1,
    optional: !text.includes('not null'),
    defaultExpression: null,
    comment: null,
    generated: false,
  }
}

/** Describes a table of the schema `public` by its columns. The first one is the primary key. */
export function tableOf(name: string, columns: readonly string[], more: Partial<Table> = {}): Table {
  const list = columns.map(columnOf)
  return {
    schema: 'public',
    table: name,
    oid: 1,
    columns: list,
    primaryKey: list.slice(0, 1).map((column) => column.name),
    uniqueIndex: [],
    replicaIdentity: 'd',
    kind: 'table',
    ...more,
  }
}

/** Reads integers and text. Values of fields are in capitals if `masks` is set, those of keys never. */
export function fakeReader(column: Column, role: 'key' | 'value', masks: boolean): ColumnReader {
  const { optional } = column
  if (column.typeOid === INT4) {
    return {
      schema: optional ? OPTIONAL_INT32 : INT32,
      read: (bytes, start, end) => Number(bytes.toString('latin1', start, end)),
      unavailable: null,
      fallback: 0,
    }
  }
  const schema: Schema = optional ? OPTIONAL_STRING : STRING
  const text = (value: string): string => (masks && role === 'value' ? value.toUpperCase() : value)
  return {
    schema,
    read: (bytes, start, end) => text(bytes.toString('utf8', start, end)),
    unavailable: '__debezium_unavailable_value',
    fallback: '',
  }
}

const everything: FieldRules = { capturesColumn: () => true, keyColumns: () => undefined }

export const defaults: EventSettings = {
  topicPrefix: 'shop',
  topicDelimiter: '.',
  heartbeatPrefix: '__debezium-heartbeat',
  heartbeatName: null,
  transactionName: 'transaction',
  database: 'shopdb',
  schemaNameAdjustment: 'none',
  fieldNameAdjustment: 'none',
  skippedOperations: new Set(['t']),
  tombstonesOnDelete: true,
  skipMessagesWithoutChange: false,
  extendedHeadersEnabled: true,
}

interface ContextOptions {
  readonly settings?: Partial<EventSettings>
  readonly rules?: Partial<FieldRules>
  readonly masks?: boolean
}

export function contextOf({ settings, rules, masks = false }: ContextOptions = {}): EventContext {
  return eventContext(
    { ...defaults, ...settings },
    { ...everything, ...rules },
    (column, _table, _origin, role) => fakeReader(column, role, masks),
    'run-1',
  )
}

/** Compiles events for rows with all columns of a table. */
export function eventsOf(
  table: Table,
  context: EventContext = contextOf(),
  origin: RowOrigin = 'stream',
): TableEvents {
  return tableEvents(
    table,
    table.columns.map(({ name }) => name),
    context,
    origin,
  )
}

export const origin: EventOrigin = {
  timeUs: 1_700_000_000_123_456,
  txId: 756,
  lsn: 200,
  lastCommitLsn: 100,
  xmin: null,
  origin: null,
  originLsn: null,
  marker: 'false',
}

const offsets: ChangeOffsets = { before: { lsn: 1 }, after: { lsn: 2 } }

export const change: Change = {
  origin,
  offsets,
  time: processingTime(1_700_000_001_000_002),
  counter: null,
}

/** What matters of a record in most tests. */
export function summary(record: SourceRecord): {
  readonly op: unknown
  readonly key: unknown
  readonly before: unknown
  readonly after: unknown
  readonly offset: SourceOffset | null
} {
  const value = record.value as Readonly<Record<string, unknown>> | null
  return {
    op: value === null ? 'tombstone' : value['op'],
    key: record.key,
    before: value?.['before'] ?? null,
    after: value?.['after'] ?? null,
    offset: record.sourceOffset,
  }
}
