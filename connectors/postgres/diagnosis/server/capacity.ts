import type { Finding } from '../../../../api/index.ts'
import { quoteIdentifier } from '../../connection/quoting.ts'
import { error, warning } from '../../../shared/finding.ts'
import { run, runNow } from '../texts.ts'
import type { Inspection } from '../inspection.ts'

/** Names and settings are visible to every role; so is the number of rows of the views. */
const CAPACITY = `
SELECT (SELECT count(*) FROM pg_catalog.pg_replication_slots) AS slots,
       current_setting('max_replication_slots') AS max_slots,
       EXISTS (SELECT FROM pg_catalog.pg_replication_slots WHERE slot_name = $1) AS has_slot,
       EXISTS (SELECT FROM pg_catalog.pg_replication_slots WHERE slot_name = $1 AND active) AS streams,
       (SELECT count(*) FROM pg_catalog.pg_stat_replication) AS senders,
       current_setting('max_wal_senders') AS max_senders,
       (SELECT count(*) FROM pg_catalog.pg_stat_activity a
         WHERE a.datname IS NOT NULL AND a.pid NOT IN (SELECT r.pid FROM pg_catalog.pg_stat_replication r)) AS connections,
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
         - coalesce(current_setting('reserved_connections', true), '0')::int AS max_connections,
       (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE usename = session_user) AS of_role`

/** For queries, and for the heartbeat's query. Readers of the snapshot come in addition. */
const OTHER_CONNECTIONS = 2

/** Whether the server has room for a slot, for a stream and for connections. A running connector already has its own. */
export async function capacityFindings(inspection: Inspection): Promise<readonly Finding[]> {
  const { query, config, role, streams } = inspection
  const [row] = await query(CAPACITY, [config['slot.name']])
  const number = (column: string): number => Number(row?.[column])
  if (row?.['streams'] === 't') return []
  const found: Finding[] = []
  if (streams) {
    if (row?.['has_slot'] !== 't' && number('slots') >= number('max_slots')) {
      found.push(await noFreeSlot(inspection, number('max_slots')))
    }
    if (number('senders') >= number('max_senders')) found.push(noFreeSender(number('max_senders')))
  }
  const needed = OTHER_CONNECTIONS + config['snapshot.max.threads']
  // that of this diagnosis will be free
  const free = number('max_connections') - number('connections') + 1
  if (free < needed) found.push(fewConnections(free, needed, number('max_connections')))
  const ofRole = role.connectionLimit - number('of_role') + 1
  // the stream counts here, too
  if (role.connectionLimit >= 0 && ofRole < needed + 1) {
    const login = quoteIdentifier(role.login)
    found.push(
      warning(
        'role-connection-limit',
        `The role ${login} may open ${ofRole} more connections, expected ${needed + 1}: its limit is ${role.connectionLimit}.`,
        runNow(`ALTER ROLE ${login} CONNECTION LIMIT -1`),
      ),
    )
  }
  return found
}

async function noFreeSlot({ query }: Inspection, max: number): Promise<Finding> {
  const rows = await query(
    'SELECT slot_name AS name FROM pg_catalog.pg_replication_slots WHERE NOT active ORDER BY slot_name',
  )
  const inactive = rows.map((row) => row['name'] ?? '')
  const drop =
    inactive.length === 0
      ? ''
      : ` Drop a slot that nobody needs; nobody uses ${inactive.slice(0, 5).join(', ')} now (SELECT pg_drop_replication_slot('name') drops it).`
  return error(
    'no-free-slot',
    `All ${max} replication slots of the server are in use (max_replication_slots), expected a free one.`,
    `Raise max_replication_slots, and restart the server.${drop} As a superuser, ${run(`ALTER SYSTEM SET max_replication_slots = ${max + 10}`)}`,
  )
}

const noFreeSender = (max: number): Finding =>
  error(
    'no-free-walsender',
    `All ${max} WAL senders of the server are in use (max_wal_senders), expected a free one.`,
    `End a replication connection that is not needed, or raise max_wal_senders and restart the server. As a superuser, ${run(
      `ALTER SYSTEM SET max_wal_senders = ${max + 10}`,
    )}`,
  )

const fewConnections = (free: number, needed: number, max: number): Finding =>
  warning(
    'few-connections',
    `The server accepts ${Math.max(0, free)} more connections of its ${max}, expected at least ${needed} for the connector.`,
    `End connections that are not needed, lower snapshot.max.threads, or raise max_connections and restart the server. As a superuser, ${run(
      `ALTER SYSTEM SET max_connections = ${max + 100}`,
    )}`,
  )
