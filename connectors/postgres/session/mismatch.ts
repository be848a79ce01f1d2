import { ConnectError, type Logger } from '../../../api/index.ts'
import { formatLsn } from '../connection/lsn.ts'
import type { Lsn } from '../ports.ts'
import type { Position } from '../streaming/position.ts'

/** Value of `offset.mismatch.strategy`. */
export type MismatchStrategy = 'no_validation' | 'trust_offset' | 'trust_slot' | 'trust_greater_lsn'

export interface MismatchParts {
  readonly strategy: MismatchStrategy
  readonly slot: string
  /** The confirmed LSN of the slot. */
  readonly confirmed: Lsn | null
  /** Moves the slot forward. */
  advance(lsn: Lsn): Promise<void>
  readonly log: Logger
}

/**
 * Settles a difference between the stored position and the slot, and returns the position from which to stream.
 *
 * | Strategy          | The slot is behind | The slot is ahead                                 |
 * | ----------------- | ------------------ | ------------------------------------------------- |
 * | no_validation     | -                  | warns: the server starts at the slot's position   |
 * | trust_offset      | advances the slot  | fails                                             |
 * | trust_slot        | -                  | continues at the slot's position                  |
 * | trust_greater_lsn | advances the slot  | continues at the slot's position                  |
 *
 * Source: PostgresConnectorTask, OffsetMismatchStrategy.
 */
export async function settleMismatch(position: Position, parts: MismatchParts): Promise<Position> {
  const { strategy, slot, confirmed, log } = parts
  const stored = position.lsnCommit ?? position.snapshotLsn
  if (stored === null || confirmed === null || stored === confirmed) return position
  const lsns = { slot, confirmed: formatLsn(confirmed), stored: formatLsn(stored) }
  if (confirmed < stored) {
    if (strategy !== 'trust_offset' && strategy !== 'trust_greater_lsn') return position
    log.info('advancing the slot to the stored offset', lsns)
    await parts.advance(stored)
    return position
  }
  if (strategy === 'trust_offset') throw slotIsAhead(slot, confirmed, stored)
  log.warn(
    'the slot was advanced past the stored offset: changes in between are missing if they were not read elsewhere',
    lsns,
  )
  return strategy === 'no_validation'
    ? position
    : { lsnCommit: confirmed, last: undefined, snapshotLsn: null }
}

function slotIsAhead(slot: string, confirmed: Lsn, stored: Lsn): ConnectError {
  return new ConnectError(
    'HR_CONNECT',
    `The replication slot '${slot}' is at LSN ${formatLsn(confirmed)}, after the stored offset at ${formatLsn(stored)}:` +
      ' changes in between are not available any more. Set offset.mismatch.strategy to trust_slot to continue without them,' +
      ' or delete the offsets of the connector to take a new snapshot.',
  )
}
