import { tableText } from '../config/table-name.ts'
import type { EventContext } from '../events/context.ts'
import { changeRecords } from '../events/records.ts'
import type { Lsn, Table } from '../ports.ts'
import { initialNotifications } from '../signals/notifications.ts'
import type { BlockingRequest } from '../signals/ports.ts'
import type { ExportedSnapshot } from '../snapshot/coordinator.ts'
import type { StreamedBefore } from '../snapshot/offsets.ts'
import type { SnapshotResult } from '../snapshot/parts.ts'
import type { SnapshotKind, SnapshotNotice } from '../snapshot/ports.ts'
import { takeSnapshot } from '../snapshot/snapshot.ts'
import { snapshotRules } from '../snapshot/writer.ts'
import type { Notify } from './notify.ts'
import type { SessionScope } from './scope.ts'

export interface SnapshotRequest {
  readonly kind: SnapshotKind
  readonly tables: readonly Table[]
  readonly exported: ExportedSnapshot | undefined
  readonly repeats: boolean
  /** Where the stream begins after the snapshot, if not at its position. */
  readonly streamsFrom: Lsn | undefined
  /** The position of the stream that a blocking snapshot interrupts. */
  readonly before: StreamedBefore | undefined
  /** Undefined for the initial snapshot. */
  readonly request: BlockingRequest | undefined
}

/** Memory of a record besides the bytes of its row. */
const RECORD_BYTES = 1000

/** Takes a snapshot, passes its records on, and shows its progress. */
export async function runSnapshot(
  scope: SessionScope,
  context: EventContext,
  notify: Notify,
  { kind, tables, exported, repeats, streamsFrom, before, request }: SnapshotRequest,
): Promise<SnapshotResult> {
  const { config, rules, emit, metrics, progress, log } = scope.parts
  const notifications = initialNotifications({ connectorName: config['topic.prefix'], notify })
  metrics.snapshotStarted()
  try {
    const result = await takeSnapshot({
      config,
      kind,
      tables,
      rules: snapshotRules({
        rules,
        context,
        records: changeRecords(context),
        config,
        kind,
        conditions: statementsOf(request, tables),
      }),
      openReader: () => scope.connectOwn(),
      exported,
      before,
      repeats,
      streamsFrom,
      emit: (records, bytes) => emit(records, bytes + records.length * RECORD_BYTES),
      progress: (task, snapshot) => {
        progress(task)
        metrics.snapshotProgress(snapshot)
      },
      notify: (notice) => tell(notifications, notice),
      log,
      signal: scope.signal,
    })
    metrics.snapshotEnded(true)
    return result
  } catch (error) {
    metrics.snapshotEnded(false)
    throw error
  } finally {
    progress(null)
  }
}

/** Tells that a start takes no snapshot. Source: AbstractSnapshotChangeEventSource.execute. */
export function snapshotSkipped({ parts: { config } }: SessionScope, notify: Notify): void {
  initialNotifications({ connectorName: config['topic.prefix'], notify }).skipped()
}

function statementsOf(
  request: BlockingRequest | undefined,
  tables: readonly Table[],
): ReadonlyMap<string, string> {
  const statements = new Map<string, string>()
  for (const table of tables) {
    const statement = request?.selectStatement(table)
    if (statement !== undefined) statements.set(tableText(table), statement)
  }
  return statements
}

type InitialNotifications = ReturnType<typeof initialNotifications>

/** Debezium 3.6 has no notifications about parts of tables. */
function tell(to: InitialNotifications, notice: SnapshotNotice): void {
  switch (notice.type) {
    case 'STARTED':
      return to.started()
    case 'COMPLETED':
      return to.completed()
    case 'ABORTED':
      return to.aborted()
    case 'IN_PROGRESS':
      return to.inProgress(named(notice.table), notice.tables.map(named))
    case 'TABLE_SCAN_COMPLETED':
      return to.tableCompleted(named(notice.table), notice.rows, notice.tables.map(named))
    default:
      return undefined
  }
}

/** Notifications contain `schema.table` as text. */
function named(text: string): { readonly schema: string; readonly table: string } {
  const dot = text.indexOf('.')
  return { schema: text.slice(0, dot), table: text.slice(dot + 1) }
}
