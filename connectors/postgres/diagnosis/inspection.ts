import type { Finding, SourceDiagnoseContext, TaskProps } from '../../../api/index.ts'
import { readRole, type Role } from '../catalog/role.ts'
import type { Server } from '../catalog/server.ts'
import { loadTables } from '../catalog/tables.ts'
import { captureRules, type CaptureRules } from '../config/capture-rules.ts'
import type { PostgresConfig } from '../config/definition.ts'
import { keyColumns } from '../events/fields/row-fields.ts'
import type { Database, Query, Table } from '../ports.ts'
import { modeStreams } from '../snapshot/modes.ts'
import { readTableFacts, type TableFacts } from './tables/table-facts.ts'

/** From when on something is worth a finding. */
export interface Thresholds {
  /** Bytes of WAL that a slot keeps. */
  readonly keptWal: number
  /** Age of a transaction that delays the creation of the slot, in milliseconds. */
  readonly delaying: number
  /** Age of a transaction that makes an existing slot keep WAL, in milliseconds. */
  readonly old: number
}

export const usualThresholds: Thresholds = { keptWal: 1024 ** 3, delaying: 30_000, old: 600_000 }

/** What all checks use: the settings, and the server as it is now. */
export interface Inspection {
  readonly config: PostgresConfig
  readonly rules: CaptureRules
  readonly context: SourceDiagnoseContext
  readonly connector: string
  readonly thresholds: Thresholds
  readonly query: Query
  /** Whether the connector streams changes, which needs a slot and a publication. */
  readonly streams: boolean
  readonly server: Server
  readonly role: Role
  /** The captured tables, that for signals included. */
  readonly tables: readonly Table[]
  factsOf(table: Table): TableFacts
  /** Whether the connection has ended. */
  isClosed(): boolean
  /** Names of the columns of the key of events; empty if the key is null. */
  keyOf(table: Table): readonly string[]
}

/** Finds what is worth a finding. */
export type Check = (inspection: Inspection) => Promise<readonly Finding[]> | readonly Finding[]

/** Reads what all checks use. Rejects with a ConnectError. */
export async function inspect(
  { query, ended }: Pick<Database, 'query' | 'ended'>,
  server: Server,
  config: PostgresConfig,
  props: TaskProps,
  context: SourceDiagnoseContext,
  thresholds: Thresholds,
): Promise<Inspection> {
  let closed = false
  void ended.then(() => {
    closed = true
  })
  const rules = captureRules(config, props)
  const role = await readRole(query)
  const tables = (await loadTables(query)).filter((table) => rules.capturesTable(table))
  const facts = await readTableFacts(query, tables)
  return {
    config,
    rules,
    context,
    connector: props['name'] ?? '',
    thresholds,
    query,
    streams: modeStreams(config),
    server,
    role,
    tables,
    factsOf: ({ oid }) => facts.get(oid) ?? noFacts,
    isClosed: () => closed,
    keyOf: (table) => keyColumns(table, rules),
  }
}

const noFacts: TableFacts = {
  owned: true,
  persistence: 'p',
  hidesRows: false,
  schemaUsage: true,
  readable: undefined,
  ancestors: [],
  identityColumns: undefined,
}
