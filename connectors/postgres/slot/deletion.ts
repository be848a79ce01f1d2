import { isConnectError, type DeletedContext, type TaskProps } from '../../../api/index.ts'
import { parseSettings } from '../config/parse-settings.ts'
import { connect } from '../connection/database.ts'
import { quoteIdentifier, quoteLiteral } from '../connection/quoting.ts'
import type { Query } from '../ports.ts'
import { dropOwnPublication } from './publication.ts'
import { dropSlot, findSlot } from './slot.ts'

/** The process of a task that was just ended may hold the slot for a moment. */
const IN_USE_MS = 20_000

/**
 * Drops the replication slot, and the publication if the connector has created it, of a connector that was deleted, if
 * `headrace.slot.drop.on.delete` is set. Otherwise logs what remains, and how to remove it.
 *
 * Differs: Debezium does not know of the deletion.
 */
export async function removeSlot(
  props: TaskProps,
  { log, signal }: DeletedContext,
  open: typeof connect = connect,
): Promise<void> {
  const config = parseSettings(props)
  const connector = props['name'] ?? ''
  const [slot, publication] = [config['slot.name'], config['publication.name']]
  if (!config['headrace.slot.drop.on.delete']) {
    log.info(
      'The replication slot and the publication of the deleted connector remain, if it had them. An unused slot keeps WAL until the disk of the server is full. If nobody else uses them, run the statements',
      {
        slot,
        publication,
        statements: `SELECT pg_drop_replication_slot(${quoteLiteral(slot)}); DROP PUBLICATION IF EXISTS ${quoteIdentifier(publication)};`,
      },
    )
    return
  }
  const database = await open(config, { applicationName: `headrace ${connector}`, signal })
  try {
    const { query } = database
    if (await hasOwnSlot(query, slot)) {
      await dropSlot(query, slot, { timeoutMs: IN_USE_MS, signal })
      log.info('dropped the replication slot of the deleted connector', { slot })
    }
    const reader = await otherReader(query, publication, slot)
    if (reader !== undefined) {
      log.info('the publication is kept, because another slot is read with it', { publication, reader })
    } else if (await dropOwnPublication(query, publication, connector)) {
      log.info('dropped the publication of the deleted connector', { publication })
    } else {
      log.info('the publication is kept if it exists: this connector did not create it', { publication })
    }
  } finally {
    await database.close()
  }
}

/** The command of a stream names its publications. */
const READER = `
SELECT s.slot_name AS slot
  FROM pg_catalog.pg_replication_slots s
  JOIN pg_catalog.pg_stat_activity a ON a.pid = s.active_pid
 WHERE s.slot_name <> $1 AND s.database = pg_catalog.current_database() AND strpos(a.query, $2) > 0`

/** Another slot that somebody reads with the publication now. */
async function otherReader(query: Query, publication: string, slot: string): Promise<string | undefined> {
  const [row] = await query(READER, [slot, publication])
  return row?.['slot'] ?? undefined
}

/** A slot of another database or plugin belongs to somebody else. */
async function hasOwnSlot(query: Query, slot: string): Promise<boolean> {
  try {
    return (await findSlot(query, slot)) !== undefined
  } catch (error) {
    if (isConnectError(error) && error.code === 'HR_CONNECT') return false
    throw error
  }
}
