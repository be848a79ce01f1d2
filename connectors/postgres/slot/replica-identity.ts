import { ConnectError, messageOf, type Logger } from '../../../api/index.ts'
import { compileJavaRegex, type JavaRegex } from '../../../java/index.ts'
import { sqlStateOf } from '../connection/failures.ts'
import { quoteIdentifier, quoteTable } from '../connection/quoting.ts'
import type { Query, ReplicaIdentity, TableName } from '../ports.ts'

/** One element of `replica.identity.autoset.values`. */
export interface IdentityRule {
  readonly tables: JavaRegex
  readonly identity: ReplicaIdentity
  /** Name of the index for the identity `i`, empty otherwise. */
  readonly index: string
}

const KEY = 'replica.identity.autoset.values'
const identities: ReadonlyMap<string, ReplicaIdentity> = new Map([
  ['DEFAULT', 'd'],
  ['FULL', 'f'],
  ['NOTHING', 'n'],
  ['INDEX', 'i'],
])
const clauses: Readonly<Record<ReplicaIdentity, string>> = {
  d: 'DEFAULT',
  f: 'FULL',
  n: 'NOTHING',
  i: 'USING INDEX',
}

/**
 * Parses `replica.identity.autoset.values`: elements of the form table-regex:identity, separated by commas. Throws
 * HR_CONFIG_INVALID.
 */
export function parseIdentityRules(text: string): readonly IdentityRule[] {
  // A comma within a regular expression is not followed by an element with a colon and an identity.
  const elements = text
    .split(/(?<=:\s*(?:DEFAULT|FULL|NOTHING|INDEX\s+[^,]+?)\s*),/i)
    .map((element) => element.trim())
  return elements.filter((element) => element !== '').map(parseRule)
}

function parseRule(element: string): IdentityRule {
  const parts = /^(.+):\s*(DEFAULT|FULL|NOTHING|INDEX)(?:\s+"?([^"]+?)"?)?$/i.exec(element)
  const identity = identities.get(parts?.[2]?.toUpperCase() ?? '')
  const index = parts?.[3] ?? ''
  if (identity === undefined || (identity === 'i') !== (index !== '')) {
    throw new ConnectError(
      'HR_CONFIG_INVALID',
      `${KEY}: '${element}' is invalid, expected schema.table:DEFAULT, FULL, NOTHING or INDEX and the name of an index`,
      { configKey: KEY },
    )
  }
  return { tables: compileJavaRegex(`(?i)${parts?.[1]?.trim() ?? ''}`), identity, index }
}

/**
 * Sets the replica identity of each table to that of the first rule that matches `schema.table`, unless it has it already.
 * A table that the user does not own is left as it is, with an error in the log.
 */
export async function setReplicaIdentities(
  query: Query,
  rules: readonly IdentityRule[],
  tables: readonly TableName[],
  log: Logger,
): Promise<void> {
  if (rules.length === 0) return
  const current = await readIdentities(query, tables)
  for (const [name, { schema, table, identity, index }] of current) {
    const rule = rules.find(({ tables: regex }) => regex.matches(name))
    if (rule === undefined || (rule.identity === identity && (identity !== 'i' || rule.index === index)))
      continue
    const clause =
      rule.identity === 'i' ? `USING INDEX ${quoteIdentifier(rule.index)}` : clauses[rule.identity]
    const statement = `ALTER TABLE ${quoteTable({ schema, table })} REPLICA IDENTITY ${clause}`
    try {
      await query(statement)
      log.info('Set the replica identity', { table: name, identity: clause })
    } catch (error) {
      // Missing ownership, or a standby.
      if (!['42501', '25006'].includes(sqlStateOf(error) ?? '')) throw error
      log.error('Cannot set the replica identity', {
        table: name,
        identity: clause,
        reason: messageOf(error),
      })
    }
  }
}

interface CurrentIdentity extends TableName {
  readonly identity: string
  readonly index: string
}

async function readIdentities(
  query: Query,
  tables: readonly TableName[],
): Promise<ReadonlyMap<string, CurrentIdentity>> {
  const rows = await query(
    `SELECT n.nspname AS schema, c.relname AS "table", c.relreplident AS identity, i.relname AS index
     FROM pg_catalog.json_to_recordset($1::json) AS t(schema text, "table" text)
     JOIN pg_catalog.pg_namespace n ON n.nspname = t.schema
     JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t."table"
     LEFT JOIN (pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid)
       ON x.indrelid = c.oid AND x.indisreplident`,
    [JSON.stringify(tables.map(({ schema, table }) => ({ schema, table })))],
  )
  return new Map(
    rows.map((row) => {
      const [schema, table] = [row['schema'] ?? '', row['table'] ?? '']
      return [
        `${schema}.${table}`,
        { schema, table, identity: row['identity'] ?? 'd', index: row['index'] ?? '' },
      ]
    }),
  )
}
