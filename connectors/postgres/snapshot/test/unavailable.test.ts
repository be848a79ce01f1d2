import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SourceOffset } from '../../../../api/index.ts'
import { unavailable } from '../unavailable.ts'

const names = { 'topic.prefix': 'shop', 'database.dbname': 'sales' }
const messageOf = (offset: SourceOffset): string => unavailable(offset, names).message

const expected = (source: string, state: string, transaction: string): string =>
  'The connector is trying to read change stream starting at PostgresOffsetContext' +
  ' [sourceInfoSchema=Schema{io.debezium.connector.postgresql.Source:STRUCT},' +
  ` sourceInfo=source_info[server='shop'db='sales', ${source}, snapshot=FALSE, schema=, table=], ${state},` +
  ` streamingStoppingLsn=null, transactionContext=TransactionContext [${transaction}],` +
  ' incrementalSnapshotContext=IncrementalSnapshotContext [windowOpened=false, chunkEndPosition=null,' +
  ' dataCollectionsToSnapshot=[], lastEventKeySent=null, maximumKey=null]],' +
  ' but this is no longer available on the server. Reconfigure the connector to use a snapshot mode when needed.'

const noTransaction = 'currentTransactionId=null, perTableEventCount={}, totalEventCount=0'

test('an offset of the stream has the text of Debezium', () => {
  const offset = { lsn_proc: 0x1_26a2_0f90, messageType: 'INSERT', lsn: 0x1_26a2_0f90, txId: 7 }
  const lsn = 'LSN{1/26A20F90}'
  assert.equal(
    messageOf({ ...offset, ts_usec: 1_000_000 }),
    expected(
      `lsn=${lsn}, txId=7, messageType=INSERT, lastCommitLsn=${lsn}, timestamp=1970-01-01T00:00:01Z`,
      `lastSnapshotRecord=false, lastCompletelyProcessedLsn=${lsn}, lastCommitLsn=${lsn}`,
      noTransaction,
    ),
  )
  assert.match(messageOf({ ...offset, lsn_commit: 16 }), /lastCommitLsn=LSN\{0\/10\}, snapshot=FALSE/)
})

test('the offset of a completed snapshot has no LSN of the stream', () => {
  assert.equal(
    messageOf({
      last_snapshot_record: true,
      lsn: 256,
      txId: 7,
      ts_usec: 1_500_001,
      snapshot: 'INITIAL',
      snapshot_completed: true,
    }),
    expected(
      'lsn=LSN{0/100}, txId=7, timestamp=1970-01-01T00:00:01.500001Z',
      'lastSnapshotRecord=true, lastCompletelyProcessedLsn=null, lastCommitLsn=null',
      noTransaction,
    ),
  )
})

test('the running transaction is a part of the text', () => {
  const offset = {
    'lsn_proc': 16,
    'transaction_id': '9',
    'transaction_data_collection_order_public.a': 2,
    'transaction_data_collection_order_public.b': 1,
    'ts_usec': 1_500_000,
  }
  assert.match(
    messageOf(offset),
    /currentTransactionId=9, perTableEventCount=\{public\.a=2, public\.b=1\}, totalEventCount=3/,
  )
  assert.match(messageOf(offset), /timestamp=1970-01-01T00:00:01\.500Z/)
})

test('the class is that of Debezium', () => {
  assert.equal(unavailable({ lsn_proc: 16 }, names).javaClass, 'io.debezium.DebeziumException')
})
