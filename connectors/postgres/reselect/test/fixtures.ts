import type { ReselectSettings } from '../../config/reselect.ts'
import { contextOf, eventsOf, tableOf } from '../../events/test/fixtures.ts'
import type { PgType, Table, TypeRegistry } from '../../ports.ts'
import type { PlanParts } from '../plan.ts'

const known: readonly PgType[] = [
  { oid: 23, name: 'int4', schema: 'pg_catalog', kind: 'base' },
  { oid: 25, name: 'text', schema: 'pg_catalog', kind: 'base' },
  { oid: 900, name: 'Code', schema: 'my "own"', kind: 'domain', baseOid: 901 },
  { oid: 901, name: 'inner', schema: 'public', kind: 'domain', baseOid: 25 },
]
export const types: TypeRegistry = { get: (oid) => known.find((type) => type.oid === oid) }

/** Settings that select all columns. */
export const settingsOf = (more: Partial<ReselectSettings> = {}): ReselectSettings => ({
  selects: () => true,
  unavailableValues: true,
  nullValues: true,
  useEventKey: false,
  onError: 'warn',
  ...more,
})

export const document: Table = tableOf('document', [
  'id int not null',
  'n int',
  'title text not null',
  'body text',
])

/** What the plans of a table are made from. */
export function partsOf(table: Table = document, keyColumns?: readonly string[]): PlanParts {
  const context = contextOf({ rules: { keyColumns: () => keyColumns } })
  return {
    events: eventsOf(table, context),
    cells: table.columns.map(({ name }) => name),
    rules: context.columns,
    types,
  }
}
