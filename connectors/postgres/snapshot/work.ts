import { ConnectError, isConnectError, messageOf, type Logger } from '../../../api/index.ts'
import type { Coordinator } from './coordinator.ts'
import type { PlannedTable } from './plan.ts'
import type { SnapshotWriter } from './ports.ts'
import { describeStatement, isWholeStatement, measureTable, type Part, type Splitting } from './ranges.ts'

/** A table that is being read. */
export interface TableWork {
  readonly index: number
  readonly planned: PlannedTable
  readonly parts: readonly Part[]
  /** Names of the columns that are read. */
  readonly cells: readonly string[]
  readonly writer: SnapshotWriter
  /** Number of parts that are not done. */
  left: number
  /** Whether readers cannot lock the table, because somebody waits to change it. */
  lockedOut: boolean
  /** Opens when the first row of the first part has been read, or when there is none. */
  readonly first: Gate
}

/** A part to read. */
export interface PartWork {
  readonly table: TableWork
  readonly index: number
  readonly part: Part
}

/** Something to wait for. */
export interface Gate {
  readonly opened: Promise<void>
  open(): void
}

export function gate(): Gate {
  const waiting: (() => void)[] = []
  const opened = new Promise<void>((resolve) => void waiting.push(resolve))
  return { opened, open: () => waiting.pop()?.() }
}

/**
 * Hands out the parts of the tables, in order. A table is locked and measured when its first part is asked for. The
 * connection that has the locks is used for each part, so that a part is never read without them. `measured` gets the size
 * of each table in bytes.
 */
export function partsOf(
  coordinator: Coordinator,
  tables: readonly PlannedTable[],
  splitting: Splitting,
  log: Logger,
  measured: (table: number, size: number) => void,
): () => Promise<PartWork | undefined> {
  let current: TableWork | undefined
  let nextPart = 0
  let nextTable = 0
  const next = async (): Promise<PartWork | undefined> => {
    if (current === undefined || nextPart === current.parts.length) {
      const planned = tables[nextTable]
      if (planned === undefined) return undefined
      current = await prepare(coordinator, planned, nextTable++, splitting, log, measured)
      nextPart = 0
    } else {
      await coordinator.query('SELECT 1')
    }
    const index = nextPart++
    const part = current.parts[index]
    return part === undefined ? undefined : { table: current, index, part }
  }
  let turn: Promise<unknown> = Promise.resolve()
  return () => {
    const mine = turn.then(next)
    turn = mine.catch(() => undefined)
    return mine
  }
}

async function prepare(
  coordinator: Coordinator,
  planned: PlannedTable,
  index: number,
  splitting: Splitting,
  log: Logger,
  measured: (table: number, size: number) => void,
): Promise<TableWork> {
  await coordinator.lock(planned)
  const { parts, rewritten, size } = await measureTable(coordinator.query, planned, splitting)
  measured(index, size)
  if (rewritten) warnAboutRewrite(planned, log)
  if (planned.hidesRows) {
    log.warn(
      `Policies hide rows of ${planned.name} from the user: the snapshot lacks them, and the stream does not.` +
        ' Use a user with BYPASSRLS to read all rows.',
    )
  }
  const cells = await cellsOf(coordinator, planned)
  const columns = planned.columns.filter(({ name }) => cells.includes(name))
  return {
    index,
    planned,
    parts,
    cells,
    writer: planned.writer(columns),
    left: parts.length,
    lockedOut: false,
    first: gate(),
  }
}

/** VACUUM FULL and CLUSTER keep what older snapshots see; others do not, and nobody can tell afterwards which it was. */
function warnAboutRewrite(planned: PlannedTable, log: Logger): void {
  log.warn(
    `${planned.name} was rewritten after the snapshot began. VACUUM FULL and CLUSTER do no harm. After TRUNCATE, or after` +
      ' ALTER TABLE that changes the type of a column, the snapshot does not see the rows that were there before:' +
      ' read the table again with an ad-hoc snapshot.',
  )
}

/** A statement need not return all columns, and its order does not matter. */
async function cellsOf(coordinator: Coordinator, planned: PlannedTable): Promise<readonly string[]> {
  const names = planned.columns.map(({ name }) => name)
  if (!isWholeStatement(planned)) return names
  const [row] = await coordinator.query(describeStatement(planned.select ?? '')).catch((error: unknown) => {
    throw invalidSelect(planned, error)
  })
  const returned = new Set(Object.keys(row ?? {}))
  return names.filter((name) => returned.has(name))
}

function invalidSelect(planned: PlannedTable, cause: unknown): unknown {
  if (!isConnectError(cause)) return cause
  const setting = `snapshot.select.statement.overrides.${planned.name}`
  return new ConnectError(
    cause.code,
    `The SELECT statement for ${planned.name} failed; correct ${setting}, or the condition of the signal. ${messageOf(cause)}`,
    { cause },
  )
}
