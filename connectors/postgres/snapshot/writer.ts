import { isJsonValue, JsonValue, type SourceOffset, type SourceRecord } from '../../../api/index.ts'
import type { CaptureRules } from '../config/capture-rules.ts'
import { tableText } from '../config/table-name.ts'
import type { EventContext } from '../events/context.ts'
import { neededColumns } from '../events/fields/row-fields.ts'
import { withMarker } from '../events/json/envelope-text.ts'
import { readProcessingTime } from '../events/processing-time.ts'
import type { Change, ChangeRecords } from '../events/records.ts'
import { tableEvents } from '../events/table-events.ts'
import type { Column, Table } from '../ports.ts'
import type { PlanRules } from './plan.ts'
import type { Remark, SnapshotKind, SnapshotWriter } from './ports.ts'

/** What the rules of a snapshot are made of. */
export interface SnapshotRuleParts {
  readonly rules: CaptureRules
  readonly context: EventContext
  readonly records: ChangeRecords
  readonly config: {
    readonly 'snapshot.tables.order.by.row.count': string
  }
  readonly kind: SnapshotKind
  /** Statements or conditions of an ad-hoc snapshot, by `schema.table`. */
  readonly conditions?: ReadonlyMap<string, string>
}

/**
 * Returns the rules of a snapshot: the initial one reads with `snapshot.select.statement.overrides`, and an ad-hoc one with
 * its own conditions. The caller leaves out tables that are not in `snapshot.include.collection.list`, or not requested.
 */
export function snapshotRules(parts: SnapshotRuleParts): PlanRules {
  const { rules, context, records, config, kind, conditions } = parts
  const { signalTable } = rules
  return {
    snapshotOrder: (tables) => rules.snapshotOrder(tables),
    columns: (table) => neededColumns(table, context.columns),
    select: (table) => (kind === 'INITIAL' ? rules.selectOverride(table) : conditions?.get(tableText(table))),
    isSignalTable: (table) => signalTable !== undefined && tableText(signalTable) === tableText(table),
    writer: (table, columns) => snapshotWriter(table, columns, context, records),
    orderByRowCount: config['snapshot.tables.order.by.row.count'],
  }
}

/** Compiles the writer of a table whose rows have these columns as cells. */
export function snapshotWriter(
  table: Table,
  columns: readonly Column[],
  context: EventContext,
  records: ChangeRecords,
): SnapshotWriter {
  const cells = columns.map(({ name }) => name)
  const events = tableEvents(table, cells, context, 'snapshot')
  const out: SourceRecord[] = []
  // one instance serves all rows
  const offsets: { before: SourceOffset; after: SourceOffset } = { before: {}, after: {} }
  let change: Change | undefined
  return {
    newChunk() {
      change = undefined
    },
    read(row, origin, offset) {
      if (change?.origin !== origin) change = { origin, offsets, time: readProcessingTime(), counter: null }
      offsets.before = offset
      offsets.after = offset
      records.read(events, row, change, out)
      return out.pop()
    },
  }
}

interface EventValue {
  readonly source: Readonly<Record<string, unknown>>
}

/** Replaces the marker and the offset of the record of an event. */
export const remarkRecord: Remark = (record, marker, sourceOffset) => {
  if (isJsonValue(record.value)) {
    return { ...record, value: new JsonValue(withMarker(record.value.text, marker)), sourceOffset }
  }
  const value = record.value as EventValue
  return { ...record, value: { ...value, source: { ...value.source, snapshot: marker } }, sourceOffset }
}
