import { messageOf, type Logger } from '../../../api/index.ts'
import type { PostgresConfig } from '../config/definition.ts'
import { connect } from '../connection/database.ts'
import { dropSlot } from '../slot/slot.ts'
import { applicationName } from './scope.ts'

/** Part of the time that a task has to close. */
const DROP_MS = 4000

/**
 * Drops the slot when the task is closed, if `slot.drop.on.stop` asks for it. The stream must have ended. Logs an error instead of
 * rejecting with it: the task has stopped in any case.
 *
 * Source: PostgresReplicationConnection.close.
 */
export async function dropSlotAtStop(
  config: PostgresConfig,
  connector: string,
  log: Logger,
  open: typeof connect = connect,
): Promise<void> {
  if (!config['slot.drop.on.stop']) return
  const slot = config['slot.name']
  const signal = AbortSignal.timeout(DROP_MS)
  try {
    const database = await open(config, { applicationName: applicationName(config, connector), signal })
    try {
      await dropSlot(database.query, slot, { timeoutMs: DROP_MS / 2, signal })
    } finally {
      await database.close()
    }
    log.warn(
      'dropped the replication slot, because slot.drop.on.stop is set: changes until the next start are lost',
      { slot },
    )
  } catch (error) {
    log.error(
      'cannot drop the replication slot, although slot.drop.on.stop is set; it keeps WAL until it is dropped',
      {
        slot,
        reason: messageOf(error),
      },
    )
  }
}
