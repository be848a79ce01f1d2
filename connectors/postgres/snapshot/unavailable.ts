import { ConnectError, type OffsetValue, type SourceOffset } from '../../../api/index.ts'
import { formatLsn } from '../connection/lsn.ts'
import type { Lsn } from '../ports.ts'
import { positionOf } from '../streaming/position.ts'

/** The names that appear in the text. */
export interface SourceNames {
  readonly 'topic.prefix': string
  readonly 'database.dbname': string
}

/**
 * The error if changes after an offset cannot be read any more. It has the text of Debezium, in which alerts look for words
 * and numbers. Source: BaseSourceTask.validateSchemaHistory, PostgresOffsetContext.toString.
 */
export function unavailable(offset: SourceOffset, names: SourceNames): ConnectError {
  return new ConnectError(
    'HR_CONNECT',
    `The connector is trying to read change stream starting at ${contextText(offset, names)}, but this is no longer available on the` +
      ' server. Reconfigure the connector to use a snapshot mode when needed.',
    { javaClass: 'io.debezium.DebeziumException' },
  )
}

/** The text of the state that Debezium reads from the offset. It prints nothing for a part of the source that it lacks. */
function contextText(offset: SourceOffset, names: SourceNames): string {
  const { last, lsnCommit, snapshotLsn } = positionOf(offset)
  const processed = last?.lsn ?? null
  const lsn = processed ?? snapshotLsn
  const commit = lsnCommit ?? processed
  const source = [
    `server='${names['topic.prefix']}'db='${names['database.dbname']}'`,
    ...part('lsn', lsn === null ? undefined : lsnText(lsn)),
    ...part('txId', offset['txId']),
    ...part('messageType', offset['messageType']),
    ...part('lastCommitLsn', commit === null ? undefined : lsnText(commit)),
    ...part('timestamp', instantText(offset['ts_usec'])),
    'snapshot=FALSE',
    'schema=',
    'table=',
  ]
  const state = [
    'sourceInfoSchema=Schema{io.debezium.connector.postgresql.Source:STRUCT}',
    `sourceInfo=source_info[${source.join(', ')}]`,
    `lastSnapshotRecord=${offset['last_snapshot_record'] === true}`,
    `lastCompletelyProcessedLsn=${lsnText(processed)}`,
    `lastCommitLsn=${lsnText(commit)}`,
    'streamingStoppingLsn=null',
    `transactionContext=TransactionContext [${transactionText(offset)}]`,
    'incrementalSnapshotContext=IncrementalSnapshotContext [windowOpened=false, chunkEndPosition=null,' +
      ' dataCollectionsToSnapshot=[], lastEventKeySent=null, maximumKey=null]',
  ]
  return `PostgresOffsetContext [${state.join(', ')}]`
}

const part = (name: string, value: OffsetValue | undefined): readonly string[] =>
  value === undefined || value === null ? [] : [`${name}=${String(value)}`]

const lsnText = (lsn: Lsn | null): string => (lsn === null ? 'null' : `LSN{${formatLsn(lsn)}}`)

const COUNT = 'transaction_data_collection_order_'

function transactionText(offset: SourceOffset): string {
  const counts = Object.entries(offset).filter(([key]) => key.startsWith(COUNT))
  const total = counts.reduce((sum, [, count]) => sum + Number(count), 0)
  const list = counts.map(([key, count]) => `${key.slice(COUNT.length)}=${String(count)}`).join(', ')
  const id = String(offset['transaction_id'] ?? null)
  return `currentTransactionId=${id}, perTableEventCount={${list}}, totalEventCount=${total}`
}

/** Microseconds as Java prints an Instant: with 0, 3 or 6 digits after the seconds. */
function instantText(micros: OffsetValue | undefined): string | undefined {
  const us = Number(micros ?? NaN)
  if (!Number.isSafeInteger(us)) return undefined
  const text = new Date(Math.floor(us / 1000)).toISOString()
  const rest = us % 1000
  if (rest !== 0) return text.replace('Z', `${String(rest).padStart(3, '0')}Z`)
  return text.replace('.000Z', 'Z')
}
