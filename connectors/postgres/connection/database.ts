import { ConnectError, messageOf } from '../../../api/index.ts'
import type { Database } from '../ports.ts'
import { copyOut } from './copy.ts'
import { sqlStateOf } from './failures.ts'
import { endSession, openSession, type Session } from './session.ts'
import { initialStatements, type ConnectionConfig, type ConnectOptions } from './settings.ts'
import { runStatement, statementsOf, turns } from './statements.ts'

/**
 * Opens a connection for statements, and runs `database.initial.statements`. A statement may take
 * `database.query.timeout.ms`; COPY has no limit. Rejects with a ConnectError.
 */
export async function connect(config: ConnectionConfig, options: ConnectOptions): Promise<Database> {
  const session = await openSession(config, options, false)
  const timeoutMs = config['database.query.timeout.ms']
  try {
    await runInitialStatements(session, config, timeoutMs)
    options.signal.throwIfAborted()
  } catch (error) {
    await endSession(session)
    throw error
  }
  const inTurn = turns()
  return {
    query: statementsOf(session, inTurn, timeoutMs),
    processId: session.processId,
    copyOut: (sql, columns, consumer, signal) =>
      inTurn(() => copyOut(session, sql, columns, consumer, signal)),
    ended: session.ended,
    close: () => endSession(session),
  }
}

/** The message does not show the statement, which may contain a secret. */
async function runInitialStatements(
  session: Session,
  config: ConnectionConfig,
  timeoutMs: number,
): Promise<void> {
  for (const [index, statement] of initialStatements(config).entries()) {
    try {
      await runStatement(session, statement, undefined, timeoutMs)
    } catch (error) {
      if (session.failure() !== undefined) throw error
      const cause = error instanceof Error ? error.cause : undefined
      const state = sqlStateOf(error)
      throw new ConnectError(
        'HR_CONFIG_INVALID',
        `database.initial.statements: statement ${index + 1} failed: ${messageOf(cause)} (SQLSTATE ${state ?? 'unknown'})`,
        { configKey: 'database.initial.statements' },
      )
    }
  }
}
