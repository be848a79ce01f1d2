import type { Finding } from '../../../../api/index.ts'
import { quoteLiteral } from '../../connection/quoting.ts'
import { durationText, run } from '../texts.ts'
import { warning } from '../../../shared/finding.ts'
import type { Inspection } from '../inspection.ts'

/** Transactions that have written something, or whose snapshot the server must preserve, in all databases. */
const TRANSACTIONS = `
SELECT a.pid, a.application_name AS application, a.usename AS role, a.datname AS database, a.state,
       extract(epoch FROM clock_timestamp() - a.xact_start)::int8 * 1000 AS age
  FROM pg_catalog.pg_stat_activity a
 WHERE a.backend_xid IS NOT NULL AND a.xact_start < clock_timestamp() - make_interval(secs => $1::float8)
   AND a.pid <> pg_backend_pid()
 ORDER BY a.xact_start
 LIMIT 10`

const PREPARED = `
SELECT p.gid, p.owner AS role, p.database, extract(epoch FROM clock_timestamp() - p.prepared)::int8 * 1000 AS age
  FROM pg_catalog.pg_prepared_xacts p
 WHERE p.prepared < clock_timestamp() - make_interval(secs => $1::float8)
 ORDER BY p.prepared
 LIMIT 10`

/** Transactions that delay the creation of the slot, or make it keep WAL. */
export async function activityFindings(inspection: Inspection): Promise<readonly Finding[]> {
  const { query, config, thresholds, streams } = inspection
  if (!streams) return []
  const [slot] = await query('SELECT FROM pg_catalog.pg_replication_slots WHERE slot_name = $1', [
    config['slot.name'],
  ])
  const seconds = (slot === undefined ? thresholds.delaying : thresholds.old) / 1000
  const harm =
    slot === undefined
      ? 'The replication slot cannot be created before it ends'
      : 'Slots keep all WAL since it began'
  const running = await query(TRANSACTIONS, [seconds])
  const prepared = await query(PREPARED, [seconds])
  return [...running.map((row) => longTransaction(row, harm)), ...prepared.map((row) => forgotten(row, harm))]
}

type Row = Readonly<Record<string, string | null>>

function longTransaction(row: Row, harm: string): Finding {
  const application = row['application'] ?? ''
  const who = application === '' ? 'an application without a name' : `application "${application}"`
  const state = row['state'] === 'idle in transaction' ? ', which is idle,' : ''
  return warning(
    'long-transaction',
    `A transaction${state} has been running for ${durationText(Number(row['age']))}: process ${row['pid']}, ${who}, role "${row['role']}",` +
      ` database "${row['database']}". ${harm}.`,
    `End it in the application, or ${run(`SELECT pg_terminate_backend(${row['pid']})`)}`,
  )
}

function forgotten(row: Row, harm: string): Finding {
  const gid = row['gid'] ?? ''
  return warning(
    'prepared-transaction',
    `The prepared transaction '${gid}' of the role "${row['role']}" in the database "${row['database']}" has been waiting for` +
      ` ${durationText(Number(row['age']))}. ${harm}.`,
    `If its transaction manager has forgotten it, in the database "${row['database']}" ${run(
      `ROLLBACK PREPARED ${quoteLiteral(gid)}`,
    )}`,
  )
}
