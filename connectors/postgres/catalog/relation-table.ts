import type { Column, ReplicaIdentity, Table, TableName } from '../ports.ts'

/** The part of pgoutput's description of a table that matters here. */
export interface DescribedTable extends TableName {
  readonly oid: number
  readonly replicaIdentity: ReplicaIdentity
  readonly columns: readonly DescribedColumn[]
}

interface DescribedColumn {
  readonly name: string
  readonly typeOid: number
  readonly typmod: number
  /** Whether the column is part of the replica identity. */
  readonly isIdentity: boolean
}

/**
 * Combines a table as the stream describes it with the table as the catalog describes it: columns and their types are
 * those of the stream, because the rows that follow have them. The catalog adds nullability, defaults, comments and keys,
 * which the stream lacks. A column that the catalog does not have is nullable, and a key column that the stream does not
 * have is no key column. `catalog` is undefined if the table has been dropped since: its replica identity then tells the
 * primary key, unless it is another one than the default.
 *
 * Both values of `schema.refresh.mode` mean this: pgoutput describes each column, and marks unchanged TOASTed values.
 * Source: PgOutputMessageDecoder.handleRelationMessage.
 */
export function tableOfRelation(relation: DescribedTable, catalog: Table | undefined): Table {
  const identity = catalog === undefined && relation.replicaIdentity === 'd'
  const inKey = ({ isIdentity }: DescribedColumn): boolean => identity && isIdentity
  const known = new Map(catalog?.columns.map((column) => [column.name, column]))
  const columns = relation.columns.map((described, index): Column => {
    const { name, typeOid, typmod } = described
    const column = known.get(name)
    return {
      name,
      number: column?.number ?? index + 1,
      typeOid,
      typmod,
      optional: column?.optional ?? !inKey(described),
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
    primaryKey:
      catalog?.primaryKey.filter((name) => names.has(name)) ??
      relation.columns.filter(inKey).map(({ name }) => name),
    uniqueIndex: (catalog?.uniqueIndex ?? []).filter((name) => names.has(name)),
    replicaIdentity: catalog?.replicaIdentity ?? relation.replicaIdentity,
    kind: catalog?.kind ?? 'table',
  }
}
