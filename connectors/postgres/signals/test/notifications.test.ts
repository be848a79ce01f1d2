import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Notification } from '../../events/notifications.ts'
import { initialNotifications, incrementalNotifications, notifyChannels } from '../notifications.ts'

const t = { schema: 'public', table: 't' }
const sig = { schema: 'public', table: 'sig' }

function recorded(): { sent: Notification[]; context: Parameters<typeof initialNotifications>[0] } {
  const sent: Notification[] = []
  return { sent, context: { connectorName: 'p', notify: (notification) => void sent.push(notification) } }
}

test('an initial snapshot tells its tables and rows, each time with an id of its own', () => {
  const { sent, context } = recorded()
  const notifications = initialNotifications(context)
  notifications.started()
  notifications.inProgress(t, [t])
  notifications.tableCompleted(t, 6, [t, sig])
  notifications.tableFailed(t)
  notifications.completed()
  notifications.aborted()
  notifications.skipped()
  assert.deepEqual(
    sent.map(({ type, additionalData }) => [type, { ...additionalData }]),
    [
      ['STARTED', { connector_name: 'p' }],
      [
        'IN_PROGRESS',
        { current_collection_in_progress: 'public.t', data_collections: 'public.t', connector_name: 'p' },
      ],
      [
        'TABLE_SCAN_COMPLETED',
        {
          scanned_collection: 'public.t',
          total_rows_scanned: '6',
          data_collections: 'public.t,public.sig',
          status: 'SUCCEEDED',
          connector_name: 'p',
        },
      ],
      [
        'TABLE_SCAN_COMPLETED',
        { scanned_collection: 'public.t', status: 'SQL_EXCEPTION', connector_name: 'p' },
      ],
      ['COMPLETED', { connector_name: 'p' }],
      ['ABORTED', { connector_name: 'p' }],
      ['SKIPPED', { connector_name: 'p' }],
    ],
  )
  assert.equal(new Set(sent.map(({ id }) => id)).size, sent.length)
})

test('keys of incremental snapshots show NULL, and the id is random without a signal', () => {
  const { sent, context } = recorded()
  const notifications = incrementalNotifications(context)
  const progress = { correlationId: null, tables: [{ name: t }] }
  notifications.inProgress(progress, ['9', null], ['4', 'a'])
  notifications.aborted(progress, [t, sig])
  assert.equal(sent[0]?.additionalData?.['maximum_key'], '9,<null>')
  assert.equal(sent[0].additionalData['last_processed_key'], '4,a')
  assert.equal(sent[1]?.additionalData?.['data_collections'], 'public.t,public.sig')
  assert.match(sent[0].id, /^[0-9a-f-]{36}$/)
})

test('notifications go to the enabled channels', () => {
  const { sent, context } = recorded()
  const lines: string[] = []
  const log = (message: string): void => void lines.push(message)
  const logger = { error: log, warn: log, info: log, debug: log, trace: log }
  initialNotifications({
    ...context,
    notify: notifyChannels({ sink: context.notify, log: logger }),
  }).started()
  initialNotifications({ ...context, notify: notifyChannels({ sink: undefined, log: undefined }) }).started()
  assert.equal(sent.length, 1)
  assert.match(
    lines.join('\n'),
    /^\[Notification Service\] \{aggregateType='Initial Snapshot', type='STARTED'/,
  )
})
