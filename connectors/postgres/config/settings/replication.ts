import { defineConfig } from '../../../../api/index.ts'
import { list, text } from '../../../shared/setting-rules.ts'
import { checkedBool, intAsLong, mode, nonNegativeLong, positiveInt, positiveIntAsLong } from './rules.ts'

/** How positions are confirmed, and what is streamed: the rest of the group Postgres. */
export const replicationSettings = defineConfig({
  'slot.retry.delay.ms': {
    ...intAsLong,
    default: 10000,
    importance: 'low',
    displayName: 'Retry delay',
    doc: 'Time between these retries, in milliseconds.',
  },
  'database.sslfactory': {
    ...text,
    default: null,
    importance: 'medium',
    width: 'long',
    displayName: 'SSL Root Certificate',
    doc: 'Class that pgjdbc creates sockets with. Of those, only the factories of pgjdbc itself that check certificates in another way are supported, such as org.postgresql.ssl.NonValidatingFactory.',
  },
  'status.update.interval.ms': {
    ...positiveInt,
    default: 10000,
    importance: 'medium',
    width: 'short',
    displayName: 'Status update interval (ms)',
    doc: 'Time between the status updates sent to the server, in milliseconds.',
  },
  'lsn.flush.timeout.ms': {
    ...positiveIntAsLong,
    default: 30000,
    importance: 'medium',
    width: 'short',
    displayName: 'LSN flush timeout (ms)',
    doc: 'Longest time to wait until a confirmed position was passed to the server, in milliseconds.',
  },
  'lsn.flush.timeout.action': {
    ...mode('fail', 'warn', 'ignore'),
    default: 'fail',
    importance: 'medium',
    width: 'medium',
    displayName: 'LSN flush timeout action',
    doc: 'What to do after this time: fail the task, warn and continue, or ignore it.',
  },
  'database.tcpKeepAlive': {
    ...checkedBool,
    default: true,
    importance: 'medium',
    width: 'short',
    displayName: 'TCP keep-alive probe',
    doc: 'Whether to enable TCP keep-alive on the connections.',
  },
  'xmin.fetch.interval.ms': {
    ...nonNegativeLong,
    default: 0,
    importance: 'medium',
    width: 'short',
    displayName: 'Xmin fetch interval (ms)',
    doc: 'How often to read the xmin of the replication slot for source.xmin, in milliseconds; 0 for never.',
  },
  'skipped.operations': {
    ...list,
    default: ['t'],
    importance: 'low',
    width: 'short',
    displayName: 'Skipped Operations',
    examples: ['t', 'u,d,t', 'none'],
    doc: 'Operations without events: c for inserts, u for updates, d for deletes, t for truncates; or none. If set, a created publication does not publish them either.',
  },
  'lsn.flush.mode': {
    ...mode('connector_and_driver', 'connector', 'manual'),
    default: null,
    importance: 'low',
    width: 'short',
    displayName: 'LSN flush mode',
    doc: 'Who confirms positions to the server: connector confirms stored offsets; manual confirms nothing, so that you must advance the slot yourself; connector_and_driver is the same as connector, which always confirms WAL without captured changes, but turns heartbeats on (every ten minutes). Default: connector.',
  },
  'flush.lsn.source': {
    ...checkedBool,
    default: true,
    importance: 'low',
    width: 'short',
    displayName: 'Boolean to determine if Debezium should flush LSN in the source database',
    deprecated: 'lsn.flush.mode',
    doc: 'Whether to confirm positions to the server: true means connector, false means manual. Ignored if lsn.flush.mode is set.',
  },
})
