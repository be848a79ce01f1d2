import { randomUUID } from 'node:crypto'
import type { Logger } from '../../../api/index.ts'
import { notificationText, type Notification } from '../events/notifications.ts'
import type { TableName } from '../ports.ts'
import type { ChunkKey } from './incremental/chunk-query.ts'
import { tableText } from '../config/table-name.ts'

/** How the scan of a table has ended. */
export type ScanStatus = 'SUCCEEDED' | 'EMPTY' | 'NO_PRIMARY_KEY' | 'UNKNOWN_SCHEMA' | 'SQL_EXCEPTION'

/** Where notifications go: to those channels of `notification.enabled.channels` that are enabled. */
export interface NotificationChannels {
  /** Channel `sink`: makes a record. */
  readonly sink: ((notification: Notification) => void) | undefined
  /** Channel `log`. */
  readonly log: Logger | undefined
}

/**
 * Returns a function that sends a notification to the channels. Source: NotificationService.
 */
export function notifyChannels({ sink, log }: NotificationChannels): (notification: Notification) => void {
  return (notification) => {
    log?.info(notificationText(notification))
    sink?.(notification)
  }
}

/** What notifications of a snapshot have in common. */
export interface NotificationContext {
  /** `topic.prefix`. */
  readonly connectorName: string
  readonly notify: (notification: Notification) => void
}

/** The notifications of an initial or blocking snapshot. */
export interface InitialNotifications {
  started(): void
  /** `tables` are those that are read. */
  inProgress(table: TableName, tables: readonly TableName[]): void
  /** `tables` are all captured tables, the signal table included. */
  tableCompleted(table: TableName, rows: number, tables: readonly TableName[]): void
  tableFailed(table: TableName): void
  completed(): void
  aborted(): void
  skipped(): void
}

/** Source: InitialSnapshotNotificationService. Each notification has an id of its own. */
export function initialNotifications(context: NotificationContext): InitialNotifications {
  const send = (type: string, data: Data = {}): void => {
    sendNotification(context, 'Initial Snapshot', randomUUID(), type, data)
  }
  return {
    started: () => send('STARTED'),
    inProgress: (table, tables) =>
      send('IN_PROGRESS', {
        current_collection_in_progress: tableText(table),
        data_collections: list(tables),
      }),
    tableCompleted: (table, rows, tables) =>
      send('TABLE_SCAN_COMPLETED', {
        scanned_collection: tableText(table),
        total_rows_scanned: String(rows),
        data_collections: list(tables),
        status: 'SUCCEEDED',
      }),
    tableFailed: (table) =>
      send('TABLE_SCAN_COMPLETED', { scanned_collection: tableText(table), status: 'SQL_EXCEPTION' }),
    completed: () => send('COMPLETED'),
    aborted: () => send('ABORTED'),
    skipped: () => send('SKIPPED'),
  }
}

/** An incremental snapshot as its notifications show it. */
export interface IncrementalProgress {
  /** id of the signal that has last added tables. */
  readonly correlationId: string | null
  readonly tables: readonly { readonly name: TableName }[]
}

/** The notifications of an incremental snapshot. */
export interface IncrementalNotifications {
  /** STARTED, PAUSED or RESUMED. */
  changed(type: 'STARTED' | 'PAUSED' | 'RESUMED', progress: IncrementalProgress): void
  inProgress(progress: IncrementalProgress, maximumKey: ChunkKey, lastKey: ChunkKey): void
  tableCompleted(progress: IncrementalProgress, rows: number, status: ScanStatus): void
  aborted(progress: IncrementalProgress, tables: readonly TableName[]): void
  completed(progress: IncrementalProgress): void
}

/** Source: IncrementalSnapshotNotificationService. The id is that of the signal. */
export function incrementalNotifications(context: NotificationContext): IncrementalNotifications {
  const send = ({ correlationId }: IncrementalProgress, type: string, data: Data): void => {
    sendNotification(context, 'Incremental Snapshot', correlationId ?? randomUUID(), type, data)
  }
  return {
    changed: (type, progress) => send(progress, type, { data_collections: all(progress) }),
    inProgress: (progress, maximumKey, lastKey) =>
      send(progress, 'IN_PROGRESS', {
        current_collection_in_progress: current(progress),
        maximum_key: keyText(maximumKey),
        data_collections: all(progress),
        last_processed_key: keyText(lastKey),
      }),
    tableCompleted: (progress, rows, status) =>
      send(progress, 'TABLE_SCAN_COMPLETED', {
        scanned_collection: current(progress),
        total_rows_scanned: String(rows),
        data_collections: all(progress),
        status,
      }),
    aborted: (progress, tables) => send(progress, 'ABORTED', { data_collections: list(tables) }),
    completed: (progress) => send(progress, 'COMPLETED', {}),
  }
}

const current = ({ tables: [first] }: IncrementalProgress): string =>
  first === undefined ? '' : tableText(first.name)

const all = ({ tables }: IncrementalProgress): string => list(tables.map(({ name }) => name))

type Data = Readonly<Record<string, string>>

function sendNotification(
  { connectorName, notify }: NotificationContext,
  aggregateType: 'Initial Snapshot' | 'Incremental Snapshot',
  id: string,
  type: string,
  data: Data,
): void {
  const additionalData = { ...data, connector_name: connectorName }
  notify({ id, aggregateType, type, additionalData, timestamp: Date.now() })
}

const list = (tables: readonly TableName[]): string => tables.map(tableText).join(',')

const keyText = (key: ChunkKey): string => key.map((part) => part ?? '<null>').join(',')
