import { ConnectError, type Logger, type SourceOffset } from '../../../api/index.ts'
import { readServer, walLevelFault, type Server } from '../catalog/server.ts'
import { loadTables } from '../catalog/tables.ts'
import { loadTypes, type LoadedTypes } from '../catalog/type-registry.ts'
import { tableLimitExceeded, tableLimitFault, type CaptureRules } from '../config/capture-rules.ts'
import type { PostgresConfig } from '../config/definition.ts'
import { formatLsn } from '../connection/lsn.ts'
import type { Database, Table } from '../ports.ts'
import { findSlot, findUsableSlot, type Slot } from '../slot/slot.ts'
import { decideSnapshot, type SlotState, type SnapshotDecision } from '../snapshot/modes.ts'

export interface PreparationParts {
  readonly config: PostgresConfig
  readonly rules: CaptureRules
  readonly database: Database
  readonly offset: SourceOffset | undefined
  readonly signal: AbortSignal
  readonly log: Logger
}

/** What a session knows before it changes or reads anything. */
export interface Preparation {
  readonly server: Server
  readonly types: LoadedTypes
  /** The captured tables. */
  readonly tables: readonly Table[]
  /** Undefined if there is none, or none that can be used. */
  readonly slot: Slot | undefined
  readonly decision: SnapshotDecision
}

/** Reads the catalog and the slot, and decides what the session does. Source: PostgresConnectorTask.start. */
export async function prepare(parts: PreparationParts): Promise<Preparation> {
  const { config, rules, log, signal } = parts
  const { query } = parts.database
  const server = await readServer(query)
  const types = await loadTypes(query)
  const tables = (await loadTables(query)).filter((table) => rules.capturesTable(table))
  checkTables(config, tables, log)
  const found = await findSlot(query, config['slot.name'])
  if (parts.offset !== undefined) logSlot(config['slot.name'], found, log)
  const decision = decideSnapshot(config, parts.offset, stateOf(found))
  log.info(decision.reason)
  if (decision.stream) requireLogicalWal(server)
  const lost = found !== undefined && found.lostBecause !== null
  const slot =
    lost || !decision.stream ? undefined : await findUsableSlot(query, config['slot.name'], { signal })
  return { server, types, tables, slot, decision }
}

/** The error about an offset that the slot cannot serve has the text of Debezium; the log has what the slot says. */
function logSlot(name: string, slot: Slot | undefined, log: Logger): void {
  if (slot === undefined) return log.info('the replication slot does not exist', { slot: name })
  if (slot.lostBecause !== null) {
    return log.warn('the replication slot is lost', { slot: name, reason: slot.lostBecause })
  }
  const { restartLsn } = slot
  return log.info('found the replication slot', {
    slot: name,
    begin: restartLsn === null ? 'unknown' : formatLsn(restartLsn),
  })
}

/** The slot as the choice of the snapshot sees it. */
export function stateOf(slot: Slot | undefined): SlotState {
  if (slot === undefined) return { kind: 'missing' }
  if (slot.lostBecause !== null) return { kind: 'lost', reason: slot.lostBecause }
  return { kind: 'present', restartLsn: slot.restartLsn }
}

function checkTables(config: PostgresConfig, tables: readonly Table[], log: Logger): void {
  if (tables.length === 0) {
    log.warn(
      'no table matches the filters; changes of tables that are created later are captured if they match',
    )
  }
  const fault = tableLimitFault(config, tables.length)
  if (fault === undefined) return
  if (config['guardrail.collections.limit.action'] === 'fail') {
    log.error(fault)
    throw tableLimitExceeded(config, tables.length)
  }
  log.warn(fault)
}

function requireLogicalWal(server: Server): void {
  const fault = walLevelFault(server)
  if (fault !== undefined) throw new ConnectError('HR_CONNECT', `${fault.problem} ${fault.remedy}`)
}
