import type { Finding, SourceDiagnoseContext, SourceOffset } from '../../../../api/index.ts'
import { required } from '../../config/test/required.ts'
import type { Query } from '../../ports.ts'
import { fakeDatabase } from '../../slot/test/fake-database.ts'
import { fakeQuery, recordingLog } from '../../slot/test/fake-query.ts'
import type { Connecting } from '../connection.ts'
import { diagnosePostgres } from '../diagnose.ts'
import { usualThresholds } from '../inspection.ts'

type Answers = Parameters<typeof fakeQuery>[0]

export const serverRow = {
  version: '150018',
  in_recovery: 'false',
  wal_level: 'logical',
  encoding: 'UTF8',
  wal_sender_timeout: '60000',
  keep_size: '102400',
}

const roleRow = {
  login: 'reader',
  name: 'reader',
  database: 'shop',
  superuser: 't',
  managed_superuser: 'f',
  can_stream: 't',
  may_create: 't',
  sees_activity: 't',
  connection_limit: '-1',
}

const capacityRow = {
  slots: '0',
  max_slots: '10',
  has_slot: 'f',
  streams: 'f',
  senders: '0',
  max_senders: '10',
  connections: '1',
  max_connections: '97',
  of_role: '1',
}

export const publicationRow = {
  all_tables: 't',
  insert: 't',
  update: 't',
  delete: 't',
  truncate: 't',
  via_root: 'f',
  comment: null,
}

/** What a server without any problem answers. Each key is a part of a statement. */
const healthy: Answers = {
  'server_version_num': [serverRow],
  'session_user AS login': [roleRow],
  'max_wal_senders': [capacityRow],
  'pg_postmaster_start_time': [{ server: '1 shop' }],
  'WHERE pubname = $1': [publicationRow],
}

export interface FakeServer {
  readonly answers?: Answers
  readonly settings?: Readonly<Record<string, string>>
  readonly offset?: SourceOffset
  readonly signal?: AbortSignal
  readonly context?: Partial<SourceDiagnoseContext>
  readonly connect?: Connecting['connect']
  readonly replication?: Query | Error
}

/** Diagnoses a server that has no problem but those of `answers`. Fails if a connection stays open. */
export async function diagnoseFake(server: FakeServer = {}): Promise<readonly Finding[]> {
  const { query, changes } = fakeQuery({ ...server.answers, ...without(healthy, server.answers) })
  const database = fakeDatabase(query)
  const replication = server.replication ?? query
  let open = 0
  const connecting: Connecting = {
    connect: server.connect ?? database.connect,
    connectReplication: () => {
      if (replication instanceof Error) return Promise.reject(replication)
      open++
      const unused = () => Promise.reject(new Error('not expected'))
      const close = () => {
        open--
        return Promise.resolve()
      }
      return Promise.resolve({ query: replication, createSlot: unused, start: unused, close })
    },
  }
  const context = {
    log: recordingLog().log,
    signal: server.signal ?? new AbortController().signal,
    exists: false,
    lastOffsets: () => Promise.resolve([server.offset]),
    ...server.context,
  }
  const props = { ...required, name: 'orders', ...server.settings }
  const found = await diagnosePostgres(props, context, usualThresholds, connecting)
  if (changes.some((sql) => !sql.trimStart().startsWith('WITH')))
    throw new Error(`changed: ${changes.join()}`)
  // after an abort, connections end meanwhile
  if (!context.signal.aborted && database.open() + open > 0) throw new Error('a connection stays open')
  return found
}

const without = (all: Answers, given: Answers = {}): Answers =>
  Object.fromEntries(Object.entries(all).filter(([key]) => !Object.hasOwn(given, key)))

/** The ids of findings, without the one about tables: a fake server has none. */
export const idsOf = (findings: readonly Finding[]): string[] =>
  findings.map(({ id }) => id).filter((id) => id !== 'no-tables')
