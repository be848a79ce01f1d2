import { ConnectError, type Logger } from '../../../api/index.ts'
import { sqlStateOf } from '../connection/failures.ts'
import { quoteIdentifier, quoteLiteral, quoteTable } from '../connection/quoting.ts'
import type { Query, TableName } from '../ports.ts'
import { readMembers, readPublication, type Publication } from './publication-catalog.ts'

/** `publication.autocreate.mode`. */
export type PublicationMode = 'disabled' | 'all_tables' | 'filtered' | 'no_tables'

/** What the publication should be. */
export interface PublicationPlan {
  readonly name: string
  readonly database: string
  readonly mode: PublicationMode
  /** The captured tables, and the signal table. Used by the mode `filtered`. */
  readonly tables: readonly TableName[]
  /** `skipped.operations` if it is set, undefined if not: then all operations are published. */
  readonly skippedOperations: readonly string[] | undefined
  /** `publish.via.partition.root`. */
  readonly viaPartitionRoot: boolean
  /** Whether the server is a standby, which cannot change a publication. */
  readonly standby: boolean
  /** How long a change of the publication may take, in milliseconds. */
  readonly timeoutMs: number
  /** Name of the connector. A created publication is marked with it. */
  readonly connector: string
}

const operations = [
  ['c', 'insert'],
  ['u', 'update'],
  ['d', 'delete'],
  ['t', 'truncate'],
] as const

/** What is wrong with a publication. Each completes a sentence that begins with its name, without a period at the end. */
export const publicationFaults = {
  allTables:
    'is for all tables, but publication.autocreate.mode=filtered expects one for the captured tables. ' +
    'Drop it, set publication.name to another name, or set publication.autocreate.mode=all_tables',
  missing: 'does not exist. Create it, or set publication.autocreate.mode to a mode that creates it',
  noTables:
    'needs at least one table, but no table is captured. Check table.include.list and the other filters of tables',
} as const

/**
 * Checks, creates or adapts the publication. Throws HR_CONNECT if the mode does not allow to use what is there.
 *
 * Source: PostgresReplicationConnection.initPublication.
 */
export async function ensurePublication(query: Query, plan: PublicationPlan, log: Logger): Promise<void> {
  const found = await readPublication(query, plan.name)
  if (found === undefined) return createPublication(query, plan, log)
  if (plan.mode !== 'filtered') return undefined
  if (found.allTables) throw reported(plan, publicationFaults.allTables, forAllTables(plan), log)
  return adaptPublication(query, plan, found, log)
}

/**
 * Drops the publication if the connector has created it, which its comment says. Differs: Debezium keeps it.
 */
export async function dropOwnPublication(query: Query, name: string, connector: string): Promise<boolean> {
  const found = await readPublication(query, name)
  if (found?.comment !== ownMark(connector)) return false
  await query(`DROP PUBLICATION IF EXISTS ${quoteIdentifier(name)}`)
  return true
}

async function createPublication(query: Query, plan: PublicationPlan, log: Logger): Promise<void> {
  if (plan.mode === 'disabled') throw reported(plan, publicationFaults.missing, missing(), log)
  if (plan.standby) {
    log.warn('The publication does not exist, and a standby cannot create it: create it on the primary', {
      publication: plan.name,
    })
    return
  }
  const statement = `CREATE PUBLICATION ${quoteIdentifier(plan.name)}${await target(query, plan, log)}${options(plan)}`
  try {
    await change(query, plan, [statement])
  } catch (error) {
    // Created by another connector at the same time.
    if (sqlStateOf(error) === '42710') return ensurePublication(query, plan, log)
    throw error
  }
  await query(
    `COMMENT ON PUBLICATION ${quoteIdentifier(plan.name)} IS ${quoteLiteral(ownMark(plan.connector))}`,
  )
  log.info('Created the publication', { publication: plan.name, mode: plan.mode })
  return undefined
}

async function target(query: Query, plan: PublicationPlan, log: Logger): Promise<string> {
  if (plan.mode === 'all_tables') return ' FOR ALL TABLES'
  if (plan.mode !== 'filtered') return ''
  const tables = await publishable(query, plan, log)
  if (tables.length === 0) throw reported(plan, publicationFaults.noTables, withoutTables(plan), log)
  return ` FOR TABLE ${list(tables)}`
}

function options(plan: PublicationPlan): string {
  const parts: string[] = []
  const published = publishedOperations(plan)
  if (published !== undefined) parts.push(`publish = ${quoteLiteral(published.join(', '))}`)
  if (plan.viaPartitionRoot) parts.push('publish_via_partition_root = true')
  return parts.length === 0 ? '' : ` WITH (${parts.join(', ')})`
}

/** The operations that a publication of the connector publishes; undefined for all. */
export function publishedOperations({
  skippedOperations,
}: Pick<PublicationPlan, 'skippedOperations'>): readonly string[] | undefined {
  if (skippedOperations === undefined) return undefined
  const skipped = new Set(skippedOperations.map((code) => code.trim().toLowerCase()))
  return operations.filter(([code]) => !skipped.has(code)).map(([, name]) => name)
}

async function adaptPublication(
  query: Query,
  plan: PublicationPlan,
  found: Publication,
  log: Logger,
): Promise<void> {
  const name = quoteIdentifier(plan.name)
  const tables = await publishable(query, plan, log)
  if (tables.length === 0) {
    log.warn(`The publication "${plan.name}" is kept as it is: it ${publicationFaults.noTables}`)
    return
  }
  const statements: string[] = []
  if (await differs(query, plan.name, tables))
    statements.push(`ALTER PUBLICATION ${name} SET TABLE ${list(tables)}`)
  const published = publishedOperations(plan)
  if (published !== undefined && published.join() !== found.operations.join()) {
    statements.push(`ALTER PUBLICATION ${name} SET (publish = ${quoteLiteral(published.join(', '))})`)
  }
  if (statements.length === 0) return
  if (plan.standby) {
    log.warn(
      'The publication differs from the captured tables, and a standby cannot change it: change it on the primary',
      {
        publication: plan.name,
      },
    )
    return
  }
  await change(query, plan, statements)
  log.info('Adapted the publication to the captured tables', {
    publication: plan.name,
    tables: tables.length,
  })
}

/** True if the members cannot be read: the tables are set then. */
async function differs(query: Query, publication: string, tables: readonly TableName[]): Promise<boolean> {
  const wanted = names(tables)
  try {
    const { direct, effective } = await readMembers(query, publication)
    return names(direct) !== wanted && names(effective) !== wanted
  } catch (error) {
    if (sqlStateOf(error) !== '42501') throw error
    return true
  }
}

/**
 * PostgreSQL refuses temporary and unlogged tables in a publication: their changes are not in the WAL. Differs: unlogged ones are
 * left out with a warning.
 */
async function publishable(query: Query, plan: PublicationPlan, log: Logger): Promise<readonly TableName[]> {
  const rows = await query(
    `SELECT t.schema, t."table", c.relpersistence = 'p' AS logged
     FROM pg_catalog.json_to_recordset($1::json) AS t(schema text, "table" text)
     LEFT JOIN (pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace)
       ON n.nspname = t.schema AND c.relname = t."table"`,
    [JSON.stringify(plan.tables.map(({ schema, table }) => ({ schema, table })))],
  )
  const all = rows.map((row) => ({
    schema: row['schema'] ?? '',
    table: row['table'] ?? '',
    logged: row['logged'],
  }))
  for (const { schema, table, logged } of all) {
    if (logged === 'f')
      log.warn('The changes of an unlogged table cannot be captured', { table: `${schema}.${table}` })
  }
  return all.filter(({ logged }) => logged !== 'f')
}

/** Runs statements with a limited `statement_timeout`, which is restored. */
async function change(query: Query, plan: PublicationPlan, statements: readonly string[]): Promise<void> {
  const [row] = await query('SHOW statement_timeout')
  await query(`SET statement_timeout = ${Math.max(1, Math.round(plan.timeoutMs))}`)
  try {
    for (const statement of statements) await query(statement)
  } catch (error) {
    if (!['57014', '55P03'].includes(sqlStateOf(error) ?? '')) throw error
    const text =
      `The publication "${plan.name}" could not be created or changed within ${plan.timeoutMs} ms, because other transactions ` +
      'hold locks on its tables. End transactions that run long.'
    throw new ConnectError('HR_RETRIABLE', text, { cause: error })
  } finally {
    // If this fails the connection has ended, and the error of the statement says why.
    const restore = `SET statement_timeout = ${quoteLiteral(row?.['statement_timeout'] ?? '0')}`
    await query(restore).catch(() => undefined)
  }
}

const list = (tables: readonly TableName[]): string => tables.map(quoteTable).join(', ')

const names = (tables: readonly TableName[]): string =>
  JSON.stringify(tables.map(({ schema, table }) => JSON.stringify([schema, table])).toSorted())

const MARK = 'Created by Headrace for the connector '
const ownMark = (connector: string): string => MARK + connector

/** The connector that has created the publication with this comment; undefined if none has. */
export function creatorOf(comment: string | null): string | undefined {
  return comment?.startsWith(MARK) === true ? comment.slice(MARK.length) : undefined
}

/**
 * Logs what is wrong, and returns the error. Errors have the texts of Debezium, in which alerts look for words; the log has
 * the remedy.
 */
function reported(plan: PublicationPlan, fault: string, error: ConnectError, log: Logger): ConnectError {
  log.error(`The publication "${plan.name}" ${fault}.`)
  return error
}

const debeziumClass = { javaClass: 'io.debezium.DebeziumException' }

const missing = (): ConnectError =>
  new ConnectError(
    'HR_CONNECT',
    'Publication autocreation is disabled, please create one and restart the connector.',
  )

function withoutTables({ name }: PublicationPlan): ConnectError {
  const text = `No table filters found for filtered publication ${name}`
  const cause = new ConnectError('HR_CONNECT', text, debeziumClass)
  return new ConnectError('HR_CONNECT', `Unable to create filtered publication ${name} for `, { cause })
}

const forAllTables = ({ name, database }: PublicationPlan): ConnectError =>
  new ConnectError(
    'HR_CONNECT',
    `A logical publication for all tables named '${name}' for plugin 'PGOUTPUT' and database '${database}' is already active on` +
      ' the server and can not be altered. If you need to exclude some tables or include only specific subset, please recreate' +
      ' the publication with necessary configuration or let plugin recreate it by dropping existing publication. Otherwise please' +
      " change the 'publication.autocreate.mode' property to 'all_tables'.",
    debeziumClass,
  )
