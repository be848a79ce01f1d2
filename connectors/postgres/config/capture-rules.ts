import { ConnectError, type TaskProps } from '../../../api/index.ts'
import { settingText } from '../../../java/index.ts'
import type { Operation, TableName } from '../ports.ts'
import { columnRules, type ColumnRules } from './column-rules.ts'
import type { PostgresConfig } from './definition.ts'
import { compileEach, compileRegexList, type Matches } from './regex-list.ts'
import { parseTableName, tableText } from './table-name.ts'

/** What is captured, and how: the settings that select tables, columns, operations and messages. */
export interface CaptureRules extends ColumnRules {
  /** Whether changes of the table become events. The decision is kept for each table. */
  capturesTable(table: TableName): boolean
  /** Whether the schema may contain captured tables, apart from the signal table. */
  capturesSchema(schema: string): boolean
  /** Table for signals; undefined if there is none. */
  readonly signalTable: TableName | undefined
  /** Whether a snapshot that was not requested for certain tables includes the table. It must also be captured. */
  snapshotsTable(table: TableName): boolean
  /**
   * Returns the tables in the order in which a snapshot reads them: by the first expression of `table.include.list` that
   * matches, then by name. A signal table that is not in the list comes last.
   */
  snapshotOrder<T extends TableName>(tables: readonly T[]): readonly T[]
  /** SELECT statement for snapshots of the table; undefined for that of all rows. */
  selectOverride(table: TableName): string | undefined
  /** Whether logical messages with the prefix become events. */
  capturesMessage(prefix: string): boolean
  readonly skippedOperations: ReadonlySet<Operation>
  /** Whether `skipped.operations` was set, so that a created publication leaves them out too. */
  readonly skipsExplicitly: boolean
}

/** Always matched in any case, as `schema.table`. */
type TableTest = (table: TableName, text: string) => boolean

/**
 * Compiles the settings about what is captured. `props` are the settings as strings: a regular expression may contain an
 * escaped comma. Throws `HR_CONFIG_INVALID` for an invalid regular expression.
 *
 * Source: RelationalTableFilters, LogicalDecodingMessageFilter, RelationalSnapshotChangeEventSource.
 */
export function captureRules(config: PostgresConfig, props: TaskProps): CaptureRules {
  const schema = listFilter(props, 'schema')
  const signalText = settingText(props, 'signal.data.collection') ?? ''
  const signalTable = signalText === '' ? undefined : parseTableName(signalText)
  const operations = config['skipped.operations'].filter((operation) => operation !== 'none')
  const includesBuiltIn = !config['table.ignore.builtin']
  return {
    ...columnRules(props),
    capturesTable: remembered(tableFilter(props, schema, includesBuiltIn, signalTable)),
    capturesSchema: (name) => schema(name) && (includesBuiltIn || !isBuiltInSchema(name)),
    signalTable,
    ...snapshotRules(props),
    capturesMessage: listFilter(props, 'message.prefix'),
    skippedOperations: new Set(operations as Operation[]),
    skipsExplicitly: Object.hasOwn(props, 'skipped.operations'),
  }
}

/** Why more tables are captured than `guardrail.collections.max` allows; undefined if they are not. */
export function tableLimitFault(config: PostgresConfig, tables: number): string | undefined {
  const limit = config['guardrail.collections.max']
  if (limit === 0 || tables <= limit) return undefined
  return `guardrail.collections.max: ${tables} tables are captured, expected at most ${limit}; restrict table.include.list, or raise the limit`
}

/** The error if the limit is not to be exceeded, with the text of Debezium.. */
export function tableLimitExceeded(config: PostgresConfig, tables: number): ConnectError {
  const limit = config['guardrail.collections.max']
  return new ConnectError(
    'HR_CONNECT',
    `Guardrail limit exceeded: ${tables} tables/collections configured for capture, but maximum allowed is ${limit}.`,
    { javaClass: 'io.debezium.DebeziumException' },
  )
}

/** The include list if there is one, else all but the exclude list. */
function listFilter(props: TaskProps, name: string): Matches {
  const include = compiledList(props, `${name}.include.list`)
  const exclude = compiledList(props, `${name}.exclude.list`)
  return include ?? ((text) => exclude?.(text) !== true)
}

function compiledList(props: TaskProps, key: string): Matches | undefined {
  const text = settingText(props, key) ?? ''
  return text === '' ? undefined : compileRegexList(key, text)
}

function tableFilter(
  props: TaskProps,
  schema: Matches,
  includesBuiltIn: boolean,
  signalTable: TableName | undefined,
): TableTest {
  const table = listFilter(props, 'table')
  const isSignal = signalTable === undefined ? () => false : sameTable(signalTable)
  return (name, text) =>
    (schema(name.schema) && table(text) && (includesBuiltIn || !isBuiltIn(name))) || isSignal(name, text)
}

/** Source: PostgresConnectorConfig.SystemTablesPredicate. */
function isBuiltIn({ schema, table }: TableName): boolean {
  return isBuiltInSchema(schema) || table.toLowerCase() === 'spatial_ref_sys'
}

function isBuiltInSchema(schema: string): boolean {
  return ['pg_catalog', 'information_schema'].includes(schema.toLowerCase()) || schema.startsWith('pg_temp')
}

function sameTable(table: TableName): TableTest {
  const wanted = tableText(table).toLowerCase()
  return (_name, text) => text.toLowerCase() === wanted
}

function remembered(test: TableTest): (table: TableName) => boolean {
  const decisions = new Map<string, boolean>()
  return (table) => {
    const text = tableText(table)
    const known = decisions.get(text)
    if (known !== undefined) return known
    const decision = test(table, text)
    decisions.set(text, decision)
    return decision
  }
}

function snapshotRules(props: TaskProps) {
  const included = compiledList(props, 'snapshot.include.collection.list')
  const capturedList = settingText(props, 'table.include.list') ?? ''
  const order = capturedList === '' ? [() => true] : [...compileEach('table.include.list', capturedList)]
  const overrides = selectOverrides(props)
  return {
    snapshotsTable: (table: TableName) =>
      included === undefined || included(tableText(table)) || included(`"${table.schema}"."${table.table}"`),
    snapshotOrder: <T extends TableName>(tables: readonly T[]): readonly T[] => {
      const placed = tables.map((table) => {
        const text = tableText(table)
        const place = order.findIndex((matches) => matches(text))
        return { table, text, place: place < 0 ? order.length : place }
      })
      return placed
        .toSorted((a, b) => a.place - b.place || (a.text < b.text ? -1 : 1))
        .map(({ table }) => table)
    },
    selectOverride: (table: TableName) => overrides.get(tableText(table)),
  }
}

const OVERRIDES = 'snapshot.select.statement.overrides'

function selectOverrides(props: TaskProps): ReadonlyMap<string, string> {
  const overrides = new Map<string, string>()
  for (const name of overriddenTables(props)) {
    const table = parseTableName(name)
    const statement = settingText(props, `${OVERRIDES}.${name}`)
    if (table !== undefined && statement !== undefined) overrides.set(tableText(table), statement)
  }
  return overrides
}

/** The tables of `snapshot.select.statement.overrides`, as they are written. */
export function overriddenTables(props: TaskProps): readonly string[] {
  const names = (settingText(props, OVERRIDES) ?? '').split(',').map((name) => name.trim())
  return names.filter((name) => name !== '')
}
