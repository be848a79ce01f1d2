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
    if (await dropOwnPublication(query, publication, connector)) {
      log.info('dropped the publication of the deleted connector', { publication })
    } else {
      log.info('the publication is kept if it exists: this connector did not create it', { publication })
    }
  } finally {
    await database.close()
  }
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
