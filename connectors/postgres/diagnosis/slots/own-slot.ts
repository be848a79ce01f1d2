import { isConnectError, type Finding, type SourceOffset } from '../../../../api/index.ts'
import { formatLsn } from '../../connection/lsn.ts'
import { quoteIdentifier, quoteLiteral } from '../../connection/quoting.ts'
import { slotHolder } from '../../connection/replication.ts'
import type { Lsn } from '../../ports.ts'
import { applicationName } from '../../session/scope.ts'
import { findSlot, type Slot } from '../../slot/slot.ts'
import { error, info, warning } from '../../../shared/finding.ts'
import { run, runNow, sizeText } from '../texts.ts'
import type { Inspection } from '../inspection.ts'
import { offsetFindings } from './offset.ts'

/** The slot of the connector, and whether the stored offset fits it. */
export async function ownSlotFindings(inspection: Inspection): Promise<readonly Finding[]> {
  const { query, config, streams } = inspection
  if (!streams) return []
  let slot: Slot | undefined
  try {
    slot = await findSlot(query, config['slot.name'])
  } catch (cause) {
    if (!isConnectError(cause) || cause.code !== 'HR_CONNECT') throw cause
    return [error('slot-of-others', cause.message, 'Set slot.name to a name that is not in use.')]
  }
  // after the slot: a slot that moves on meanwhile is never ahead of an offset that is read later
  const { offset, unknown } = await storedOffset(inspection)
  if (unknown !== undefined)
    return [unknown, ...(slot === undefined ? [] : await stateFindings(inspection, slot))]
  const ofOffset = offsetFindings(inspection, slot, offset)
  if (slot === undefined) return ofOffset
  return [...(await stateFindings(inspection, slot)), ...ofOffset]
}

async function storedOffset({ context, config }: Inspection): Promise<{
  readonly offset?: SourceOffset | undefined
  readonly unknown?: Finding
}> {
  try {
    const [offset] = await context.lastOffsets([{ server: config['topic.prefix'] }])
    return { offset }
  } catch (cause) {
    if (!isConnectError(cause)) throw cause
    const text = `The stored offset cannot be read, and is not compared with the slot: ${cause.message}`
    return { unknown: warning('offset-unknown', text) }
  }
}

async function stateFindings(inspection: Inspection, slot: Slot): Promise<readonly Finding[]> {
  const { config, context, connector, query } = inspection
  if (slot.lostBecause !== null) return [lost(inspection, slot, slot.lostBecause)]
  const found: Finding[] = []
  const name = quoteIdentifier(slot.name)
  const holder = await readHolder(inspection, slot)
  const isOwn = context.exists && (holder === applicationName(config, connector) || holder === null)
  if (slot.activePid !== null && !isOwn) {
    const who = (await slotHolder(query, slot.name)) ?? `process ${slot.activePid}`
    const text = `The slot ${name} is used by ${who}, which is not this connector. A slot has one reader at a time.`
    const remedy = `Set slot.name to a name that no other connector of this server uses. If the reader must end, ${run(
      `SELECT pg_terminate_backend(${slot.activePid})`,
    )}`
    found.push(error('slot-in-use', text, remedy))
  }
  const kept = await keptWal(inspection, slot)
  if (slot.walStatus === 'unreserved') {
    const text = `The slot ${name} needs WAL beyond max_slot_wal_keep_size: the next checkpoint may remove it, and the slot is lost then.`
    found.push(
      warning(
        'slot-unreserved',
        text,
        `Start the connector now, or raise max_slot_wal_keep_size. As a superuser, ${run(
          `ALTER SYSTEM SET max_slot_wal_keep_size = -1`,
          'SELECT pg_reload_conf()',
        )}`,
      ),
    )
  }
  if (config['lsn.flush.mode'] === 'manual') found.push(manual(slot, kept))
  else if (kept >= inspection.thresholds.keptWal) found.push(farBehind(slot, kept))
  if (found.length === 0) found.push(ready(slot, kept))
  return found
}

/** `application_name` of the process that uses the slot; null if nobody uses it, or the role may not see it. */
async function readHolder({ query }: Inspection, { activePid }: Slot): Promise<string | null> {
  if (activePid === null) return null
  const [row] = await query(
    'SELECT application_name AS application FROM pg_catalog.pg_stat_activity WHERE pid = $1',
    [activePid],
  )
  return row?.['application'] ?? null
}

/** Bytes of WAL that the slot keeps. */
async function keptWal({ query }: Inspection, { restartLsn }: Slot): Promise<number> {
  if (restartLsn === null) return 0
  const [row] = await query(
    `SELECT pg_catalog.pg_wal_lsn_diff(CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
                                            ELSE pg_catalog.pg_current_wal_lsn() END, $1::pg_lsn) AS kept`,
    [formatLsn(restartLsn)],
  )
  return Number(row?.['kept'] ?? 0)
}

function lost({ config }: Inspection, slot: Slot, reason: string): Finding {
  const name = quoteIdentifier(slot.name)
  const text = `The slot ${name} cannot be used any more: ${reason}.`
  const statement = `SELECT pg_drop_replication_slot(${quoteLiteral(slot.name)})`
  if (config['snapshot.mode'] === 'when_needed') {
    return warning(
      'slot-lost',
      `${text} The next start replaces it, and takes a new snapshot.`,
      runNow(statement),
    )
  }
  const remedy =
    'Raise max_slot_wal_keep_size of the server, and set snapshot.mode=when_needed, which replaces the slot and takes a new snapshot.' +
    ` Or delete the offsets of the connector, and ${run(statement)}`
  return error('slot-lost', text, remedy)
}

function manual(slot: Slot, kept: number): Finding {
  const text =
    `With lsn.flush.mode=manual, the slot ${quoteIdentifier(slot.name)} stays at ${lsnText(slot.confirmedFlush)} until you advance it;` +
    ` it keeps ${sizeText(kept)} of WAL now.`
  const advance = `SELECT pg_replication_slot_advance(${quoteLiteral(slot.name)}, 'LSN')`
  const remedy = `Set lsn.flush.mode=connector. Otherwise, while the connector is stopped, advance the slot to lsn_commit of its stored offset with ${advance}.`
  return warning('slot-manual', text, remedy)
}

function farBehind(slot: Slot, kept: number): Finding {
  const text = `The slot ${quoteIdentifier(slot.name)} keeps ${sizeText(kept)} of WAL.`
  const remedy =
    slot.activePid === null
      ? 'Start the connector. If it no longer exists, ' +
        run(`SELECT pg_drop_replication_slot(${quoteLiteral(slot.name)})`)
      : 'Wait until the connector has caught up. If it does not, look for long transactions, and for what slows the connector down.'
  return warning('slot-far-behind', text, remedy)
}

function ready(slot: Slot, kept: number): Finding {
  const state = slot.activePid === null ? 'not in use' : 'in use'
  return info(
    'slot-ready',
    `The slot ${quoteIdentifier(slot.name)} is ${state}, has confirmed ${lsnText(slot.confirmedFlush)}, and keeps ${sizeText(kept)} of WAL.` +
      ' While the connector runs, it moves the slot by itself, also if nothing is written to captured tables.',
  )
}

const lsnText = (lsn: Lsn | null): string => (lsn === null ? 'nothing' : formatLsn(lsn))
