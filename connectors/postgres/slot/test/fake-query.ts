import type { Logger } from '../../../../api/index.ts'
import { asConnectError } from '../../connection/failures.ts'
import type { Query } from '../../ports.ts'

type Rows = readonly Readonly<Record<string, string | null>>[]

/** A server that gives each statement the answer of the first rule whose text it contains; no rows without a rule. */
export function fakeQuery(rules: Readonly<Record<string, Rows | Error | (() => Rows | Error)>>): {
  query: Query
  /** The statements that change something, in order. */
  changes: string[]
} {
  const changes: string[] = []
  const query: Query = async (sql, values) => {
    if (!/^\s*(?:SELECT|SHOW)\b(?!.*_(?:drop_|advance))|^\s*SET /.test(sql))
      changes.push(withValues(sql, values))
    const rule = Object.entries(rules).find(([text]) => sql.includes(text))?.[1]
    const answer = typeof rule === 'function' ? rule() : (rule ?? [])
    await Promise.resolve()
    if (answer instanceof Error) throw answer
    return answer
  }
  return { query, changes }
}

function withValues(sql: string, values: readonly (string | number | null)[] = []): string {
  return sql.replace(/\$(\d)/g, (_, number: string) => `'${values[Number(number) - 1]}'`)
}

/** An error of the server, as a query rejects with it. */
export function serverError(code: string, message = 'refused'): Error {
  return asConnectError(Object.assign(new Error(message), { code, severity: 'ERROR' }), 'run a statement')
}

/** A logger that records `level: message` and the fields. */
export function recordingLog(): { log: Logger; lines: string[] } {
  const lines: string[] = []
  const at = (level: string) => (message: string, fields?: Readonly<Record<string, unknown>>) =>
    void lines.push(`${level}: ${message} ${JSON.stringify(fields ?? {})}`)
  const log = {
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    trace: at('trace'),
  }
  return { log, lines }
}

/** A row of pg_replication_slots with a slot that nobody uses. */
export const ownSlot: Readonly<Record<string, string | null>> = {
  active_pid: null,
  confirmed_flush: '0/200',
  restart_lsn: '0/100',
  catalog_xmin: '731',
  wal_status: 'reserved',
  safe_wal_size: null,
  invalidation_reason: null,
  conflicting: null,
  plugin: 'pgoutput',
  database: 'shop',
  own_database: 'shop',
}
