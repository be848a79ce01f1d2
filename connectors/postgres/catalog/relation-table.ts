import type { Column, Table, TableName } from '../ports.ts'

/** The part of pgoutput's description of a table that matters here. */
export interface DescribedTable extends TableName {
  readonly oid: number
  readonly columns: readonly { readonly name: string; readonly typeOid: number; readonly typmod: number }[]
}

/**
 * Combines a table as the stream describes it with the table as the catalog describes it: columns and their types are
 * those of the stream, because the rows that follow have them. The catalog adds nullability, defaults, comments and keys,
 * which the stream lacks. A column that the catalog does not have is nullable, and a key column that the stream does not
 * have is no key column. `catalog` is undefined if the table has been dropped since.
 *
 * Both values of `schema.refresh.mode` mean this: pgoutput describes each column, and marks unchanged TOASTed values.
 * Source: PgOutputMessageDecoder.handleRelationMessage.
 */
export function tableOfRelation(relation: DescribedTable, catalog: Table | undefined): Table {
  const known = new Map(catalog?.columns.map((column) => [column.name, column]))
  const columns = relation.columns.map(({ name, typeOid, typmod }, index): Column => {
    const column = known.get(name)
    return {
      name,
      number: column?.number ?? index + 1,
      typeOid,
      typmod,
      optional: column?.optional ?? true,
      defaultExpression: column?.defaultExpression ?? null,
      comment: column?.comment ?? null,
      generated: column?.generated ?? false,
    }
  })
  const names = new Set(columns.map(({ name }) => name))
  return {
    schema: relation.schema,
    table: relation.table,
    oid: relation.oid,
    columns,
    primaryKey: (catalog?.primaryKey ?? []).filter((name) => names.has(name)),
    uniqueIndex: (catalog?.uniqueIndex ?? []).filter((name) => names.has(name)),
    replicaIdentity: catalog?.replicaIdentity ?? 'd',
    kind: catalog?.kind ?? 'table',
  }
}
