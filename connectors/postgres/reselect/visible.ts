import type { Query } from '../ports.ts'
import { isVisible, parseVisible, type VisibleTransactions } from '../signals/incremental/visibility.ts'

const FIRST_WAIT_MS = 5
const LONGEST_WAIT_MS = 500
const SLOW_MS = 10_000

export interface VisibilityParts {
  readonly query: Query
  /** Resolves after the time, or earlier when the session ends. */
  wait(ms: number): Promise<void>
  readonly signal: AbortSignal
  /** Called once if it takes long. */
  slow(): void
}

/**
 * Waits until statements see transactions that the stream has passed on. A transaction becomes visible a little after its
 * commit, or much later if it waits for a synchronous standby: before that, a statement would read rows that are older than
 * their events, and a column that has become null would get its old value back.
 *
 * `known` is what a statement has seen before. Resolves to what one has seen last.
 */
export async function untilVisible(
  txIds: readonly number[],
  known: VisibleTransactions | undefined,
  { query, wait, signal, slow }: VisibilityParts,
): Promise<VisibleTransactions | undefined> {
  let visible = known
  let waited = 0
  let ms = 0
  while (!allVisible(txIds, visible)) {
    if (ms > 0) {
      await wait(ms)
      signal.throwIfAborted()
      if (waited < SLOW_MS && waited + ms >= SLOW_MS) slow()
      waited += ms
    }
    ms = ms === 0 ? FIRST_WAIT_MS : Math.min(2 * ms, LONGEST_WAIT_MS)
    const [row] = await query('SELECT pg_catalog.txid_current_snapshot()::text AS visible')
    visible = parseVisible(row?.['visible'] ?? '')
  }
  return visible
}

function allVisible(txIds: readonly number[], visible: VisibleTransactions | undefined): boolean {
  return txIds.every((txId) => visible !== undefined && isVisible(visible, txId))
}
