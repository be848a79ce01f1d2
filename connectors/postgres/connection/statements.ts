import type { Query } from '../ports.ts'
import { cancelStatement } from './cancel.ts'
import { asConnectError } from './failures.ts'
import type { Session } from './session.ts'

/** How long a cancelled statement may take to end. */
const CANCEL_TIMEOUT_MS = 10_000

/** Runs one piece of work after the other: a connection does one thing at a time. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>

/** An order of work, at first empty. */
export function turns(): InTurn {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const result = last.then(work)
    last = result.catch(() => undefined)
    return result
  }
}

/**
 * Runs statements on a session. A statement that takes longer than `timeoutMs` is cancelled, and rejects with SQLSTATE 57014;
 * 0 means no limit.
 */
export function statementsOf(session: Session, inTurn: InTurn, timeoutMs: number): Query {
  return (sql, values) => inTurn(() => runStatement(session, sql, values, timeoutMs))
}

/** Runs one statement, see {@link statementsOf}. */
export async function runStatement(
  session: Session,
  sql: string,
  values: readonly (string | number | null)[] | undefined,
  timeoutMs: number,
): Promise<readonly Readonly<Record<string, string | null>>[]> {
  const watch = timeoutMs > 0 ? cancelAfter(session, timeoutMs) : undefined
  session.running++
  try {
    // Without values the driver uses the simple protocol: the only one in replication mode.
    const result =
      values === undefined ? await session.client.query(sql) : await session.client.query(sql, [...values])
    const last = (Array.isArray(result) ? result.at(-1) : result) as typeof result | undefined
    return (last?.rows ?? []) as Readonly<Record<string, string | null>>[]
  } catch (error) {
    const failure = session.failure()
    if (failure !== undefined) throw failure
    const limit = watch?.hasFired() === true ? ` within ${timeoutMs} ms` : ''
    throw asConnectError(error, `run ${shortened(sql)}${limit}`, session.user)
  } finally {
    session.running--
    await watch?.stop()
  }
}

function cancelAfter(session: Session, timeoutMs: number): { hasFired(): boolean; stop(): Promise<void> } {
  let request: Promise<void> | undefined
  let timer = setTimeout(() => {
    request = cancelStatement(session)
    timer = setTimeout(() => session.socket.destroy(), CANCEL_TIMEOUT_MS)
  }, timeoutMs)
  return {
    hasFired: () => request !== undefined,
    async stop() {
      clearTimeout(timer)
      // A request that comes too late must not hit the next statement.
      await request
    },
  }
}

function shortened(sql: string): string {
  const line = sql.replace(/\s+/g, ' ').trim()
  return line.length > 120 ? `${line.slice(0, 120)}…` : line
}
