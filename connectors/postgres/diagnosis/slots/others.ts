import type { Finding } from '../../../../api/index.ts'
import { quoteIdentifier, quoteLiteral } from '../../connection/quoting.ts'
import { creatorOf } from '../../slot/publication.ts'
import { run, sizeText } from '../texts.ts'
import { warning } from '../../../shared/finding.ts'
import type { Inspection } from '../inspection.ts'

const INACTIVE_SLOTS = `
SELECT s.slot_name AS name, s.plugin, s.database, s.database = pg_catalog.current_database() AS here, s.slot_type AS type,
       pg_catalog.pg_wal_lsn_diff(CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
                                       ELSE pg_catalog.pg_current_wal_lsn() END, s.restart_lsn) AS kept
  FROM pg_catalog.pg_replication_slots s
 WHERE NOT s.active AND s.slot_name <> $1
 ORDER BY kept DESC NULLS LAST`

/** Names that connectors for change data capture use. */
const CONNECTOR_NAME = /debezium|dbz|headrace|cdc/

/**
 * Slots that nobody uses: those that keep much WAL, in any database, since all slots share a disk; and those in this database that look
 * as if a deleted connector had left them behind.
 */
export async function otherSlotFindings({
  query,
  config,
  thresholds,
}: Inspection): Promise<readonly Finding[]> {
  const rows = await query(INACTIVE_SLOTS, [config['slot.name']])
  return rows.flatMap((row) => {
    const slot = row['name'] ?? ''
    const kept = Number(row['kept'] ?? 0)
    const name = quoteIdentifier(slot)
    const drop = run(`SELECT pg_drop_replication_slot(${quoteLiteral(slot)})`)
    const place = row['database'] === null ? '' : ` of the database "${row['database']}"`
    if (kept >= thresholds.keptWal) {
      const text = `The ${row['type']} slot ${name}${place} is not in use, and keeps ${sizeText(kept)} of WAL on the disk of the server.`
      return [
        warning('inactive-slot-keeps-wal', text, `Start its reader. If there is none any more, ${drop}`),
      ]
    }
    if (row['here'] !== 't' || row['plugin'] !== 'pgoutput' || !CONNECTOR_NAME.test(slot)) return []
    const text = `The slot ${name} of this database is not in use; a deleted connector may have left it behind. It keeps ${sizeText(kept)} of WAL, and more with time.`
    return [warning('slot-left-behind', text, `If no connector uses it any more, ${drop}`)]
  })
}

const PUBLICATIONS = `
SELECT p.pubname AS name, p.puballtables AS all_tables, pg_catalog.obj_description(p.oid, 'pg_publication') AS comment
  FROM pg_catalog.pg_publication p
 WHERE p.pubname <> $1
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_replication_slots s
                    WHERE s.slot_name <> $2 AND s.active AND s.database = pg_catalog.current_database())
 ORDER BY 1`

/** Publications that look as if a deleted connector had left them behind. Nobody else streams from the database. */
export async function otherPublicationFindings({
  query,
  config,
  connector,
}: Inspection): Promise<readonly Finding[]> {
  const rows = await query(PUBLICATIONS, [config['publication.name'], config['slot.name']])
  return rows.flatMap((row) => {
    const publication = row['name'] ?? ''
    const creator = creatorOf(row['comment'] ?? null)
    if (creator === undefined && !CONNECTOR_NAME.test(publication)) return []
    const name = quoteIdentifier(publication)
    const by =
      creator === undefined || creator === connector ? '' : ` It was created for the connector ${creator}.`
    const scope = row['all_tables'] === 't' ? ', is for all tables,' : ''
    const text = `The publication ${name}${scope} is read by nobody now; a deleted connector may have left it behind.${by}`
    return [
      warning(
        'publication-left-behind',
        text,
        `If no connector uses it any more, ${run(`DROP PUBLICATION ${name}`)}`,
      ),
    ]
  })
}
