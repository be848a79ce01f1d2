import type { TaskProps } from '../../../api/index.ts'
import { settingText } from '../../../java/index.ts'
import type { TableName } from '../ports.ts'
import { compileRegexList, type Matches } from './regex-list.ts'
import { tableText } from './table-name.ts'

/** What replaces the values of a text column. `hash` version 1 hashes the serialized Java string, 2 its bytes. */
export type ColumnChange =
  | { readonly kind: 'truncate'; readonly length: number }
  | { readonly kind: 'mask'; readonly length: number }
  | { readonly kind: 'hash'; readonly algorithm: string; readonly salt: string; readonly version: 1 | 2 }

/** Rules for columns. They are evaluated when a table is compiled, not per row. */
export interface ColumnRules {
  /** Whether the column is part of events. Columns of the key are part of keys in any case. */
  capturesColumn(table: TableName, column: string): boolean
  /** Columns of `message.key.columns`; undefined if it selects none of the table. */
  keyColumns(
    table: TableName & { readonly columns: readonly { readonly name: string }[] },
  ): readonly string[] | undefined
  columnChange(table: TableName, column: string): ColumnChange | undefined
  /** Whether type, length and scale become parameters of the field. `typeName` is that of pg_type. */
  propagatesSourceType(table: TableName, column: string, typeName: string): boolean
}

/**
 * Compiles the settings about columns. Throws `HR_CONFIG_INVALID` for an invalid regular expression.
 *
 * If several settings change a column, the first applies: truncate, mask, hash, hash v2. A truncated or masked column does
 * not propagate its type.
 *
 * Source: ColumnMappers, Key.CustomKeyMapper. Differs: a hashed column that propagates its type is hashed; Debezium leaves its
 * values as they are.
 */
export function columnRules(props: TaskProps): ColumnRules {
  const list = (key: string): Matches | undefined => {
    const text = settingText(props, key)
    return text === undefined || text === '' ? undefined : compileRegexList(key, text)
  }
  const included = list('column.include.list')
  const excluded = list('column.exclude.list')
  const changes = columnChanges(props)
  const propagated = list('column.propagate.source.type')
  const propagatedTypes = list('datatype.propagate.source.type')
  const changeOf = (table: TableName, column: string): ColumnChange | undefined => {
    const text = columnText(table, column)
    return changes.find(({ matches }) => matches(text))?.change
  }
  return {
    capturesColumn: (table, column) => {
      const text = columnText(table, column)
      return included === undefined ? excluded?.(text) !== true : included(text)
    },
    keyColumns: keyColumnRule(props),
    columnChange: changeOf,
    propagatesSourceType: (table, column, typeName) => {
      const kind = changeOf(table, column)?.kind
      if (kind === 'truncate' || kind === 'mask') return false
      return (
        propagated?.(columnText(table, column)) === true ||
        propagatedTypes?.(columnText(table, typeName)) === true
      )
    },
  }
}

const columnText = (table: TableName, column: string): string => `${tableText(table)}.${column}`

/** Settings that contain a change in their name, in the order in which they apply. Source: ColumnMappers.create. */
const changeSettings: readonly (readonly [RegExp, (parts: readonly string[]) => ColumnChange])[] = [
  [/^column\.truncate\.to\.(\d+)\.chars$/, ([length]) => ({ kind: 'truncate', length: Number(length) })],
  [/^column\.mask\.with\.(\d+)\.chars$/, ([length]) => ({ kind: 'mask', length: Number(length) })],
  [
    /^column\.mask\.hash\.([^.]+)\.with\.salt\.(.+)$/s,
    ([algorithm = '', salt = '']) => ({ kind: 'hash', algorithm, salt, version: 1 }),
  ],
  [
    /^column\.mask\.hash\.v2\.([^.]+)\.with\.salt\.(.+)$/s,
    ([algorithm = '', salt = '']) => ({ kind: 'hash', algorithm, salt, version: 2 }),
  ],
]

/** A setting that changes columns: its name, its list of columns, and the change. */
export interface ChangeSetting {
  readonly key: string
  /** The name for messages, without the salt. */
  readonly label: string
  readonly columns: string
  readonly change: ColumnChange
}

/** The settings whose names contain a change, in the order in which they apply. */
export function changeSettingsOf(props: TaskProps): readonly ChangeSetting[] {
  return changeSettings.flatMap(([pattern, changeOf]) =>
    Object.entries(props).flatMap(([key, columns]) => {
      const match = pattern.exec(key)
      if (match === null) return []
      const label = key.replace(/(\.with\.salt\.).*$/s, '$1…')
      return [{ key, label, columns, change: changeOf(match.slice(1)) }]
    }),
  )
}

function columnChanges(props: TaskProps) {
  return changeSettingsOf(props).map(({ label, columns, change }) => ({
    matches: compileRegexList(label, columns),
    change,
  }))
}

/** An entry of `message.key.columns`. */
export const KEY_COLUMNS = /^\s*([^:]+):([^:,]+(?:,[^:,]+)*)\s*$/

function keyColumnRule(props: TaskProps): ColumnRules['keyColumns'] {
  const key = 'message.key.columns'
  const rules = keyColumnPatterns(settingText(props, key) ?? '').map((pattern) =>
    compileRegexList(key, pattern),
  )
  return (table) => {
    const columns = rules.flatMap((matches) =>
      table.columns.map(({ name }) => name).filter((name) => matches(columnText(table, name))),
    )
    return columns.length === 0 ? undefined : [...new Set(columns)]
  }
}

/** One expression for each column, in the order of the setting. */
export function keyColumnPatterns(text: string): readonly string[] {
  return text.split(';').flatMap((entry) => {
    const [, table = '', columns] = KEY_COLUMNS.exec(entry) ?? []
    return columns?.split(',').map((column) => `${table}.${column.trim()}`) ?? []
  })
}
