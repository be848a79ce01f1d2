import type { TableName } from '../ports.ts'
import { parseTableName, tableText } from '../config/table-name.ts'
import { compileJavaRegex } from '../../../java/index.ts'
import type { BlockingRequest } from './ports.ts'
import type { ExecuteSnapshot } from './signal.ts'

/**
 * Returns the blocking snapshot that a signal requests, of the captured tables that match its expressions, in either case.
 * The filter of a condition is a complete SELECT statement here, and its table is a name, not an expression.
 *
 * The stream must be at the end of a transaction. If the snapshot fails, the stream continues from there as if it had not
 * been requested: its progress is no state of the connector, and it is not repeated after a restart.
 *
 * Throws `HR_ILLEGAL_ARGUMENT` if an expression is invalid. Source: ChangeEventSourceCoordinator.doBlockingSnapshot,
 * RelationalSnapshotChangeEventSource.getBlockingSnapshottingTask.
 */
export function blockingRequest(signal: ExecuteSnapshot, captured: readonly TableName[]): BlockingRequest {
  const expressions = signal.dataCollections.map((text) => compileJavaRegex(`(?i)${text}`))
  const tables = captured.filter((table) => {
    const name = tableText(table)
    return expressions.some((expression) => expression.matches(name))
  })
  const statements = new Map<string, string>()
  for (const { dataCollection, filter } of signal.conditions) {
    const name = parseTableName(dataCollection)
    if (name !== undefined && filter.trim() !== '') statements.set(tableText(name), filter)
  }
  return { id: signal.id, tables, selectStatement: (table) => statements.get(tableText(table)) }
}
