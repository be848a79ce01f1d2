import { quoteIdentifier as quoted, quoteLiteral } from '../connection/quoting.ts'
import type { ReselectedColumn, ReselectPlan } from './plan.ts'

/** Texts of the key columns of a row, as PostgreSQL prints them. */
export type KeyTexts = readonly string[]

/**
 * Returns the COPY that reads columns of the rows with these keys. The first cell of its rows is the position of the key in
 * the list: a key can be printed in several ways, such as 1.0 and 1.00.
 */
export function reselectSql(
  { from, key }: Pick<ReselectPlan, 'from' | 'key'>,
  columns: readonly Pick<ReselectedColumn, 'column'>[],
  keys: readonly KeyTexts[],
): string {
  const rows = keys.map((texts, index) => {
    // the types of the first row are those of all
    const values = key.map(({ type }, at) => quoteLiteral(texts[at] ?? '') + (index === 0 ? `::${type}` : ''))
    return `(${index}, ${values.join(', ')})`
  })
  const names = key.map((_, at) => `k${at}`)
  const equal = key.map(
    ({ column, type, isDomain }, at) => `t.${quoted(column)}${isDomain ? `::${type}` : ''} = k.k${at}`,
  )
  const cells = ['k.n', ...columns.map(({ column }) => `t.${quoted(column)}`)]
  return (
    `COPY (SELECT ${cells.join(', ')} FROM (VALUES ${rows.join(', ')}) AS k (n, ${names.join(', ')})` +
    ` JOIN ${from} AS t ON ${equal.join(' AND ')}) TO STDOUT`
  )
}
