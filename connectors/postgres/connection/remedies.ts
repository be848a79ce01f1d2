/** An error that the server reported. */
export interface ServerError extends Error {
  /** SQLSTATE. */
  readonly code: string
  readonly severity: string
  readonly detail?: string | undefined
}

/** Whether the same attempt can succeed later, and what somebody should do. Without a period at the end. */
export interface Remedy {
  readonly retriable: boolean
  readonly remedy?: string
}

interface Rule extends Remedy {
  /** A SQLSTATE, or its first characters. */
  readonly code: string
  /** Text that the message contains, for a SQLSTATE with several meanings. */
  readonly message?: RegExp
}

const newSnapshot =
  'The changes since the last stored offset are lost: drop the slot, and take a new snapshot (snapshot.mode=when_needed does both)'

const walRemoved =
  /WAL segment .* removed|no longer (?:get changes from|access) replication slot|slot .*invalidated|cannot read from logical replication slot/

/** The first rule that fits is used. */
const rules: readonly Rule[] = [
  { code: '', message: walRemoved, retriable: false, remedy: newSnapshot },
  {
    code: '',
    message: /wal_level/,
    retriable: false,
    remedy: 'Set wal_level=logical in the configuration of the server, and restart the server',
  },
  {
    code: '',
    message: /max_wal_senders/,
    retriable: true,
    remedy: 'Raise max_wal_senders of the server, or end a replication connection that is not needed',
  },
  {
    code: '53400',
    message: /replication slots/,
    retriable: false,
    remedy: 'Raise max_replication_slots of the server, or drop a slot that is not needed',
  },
  { code: '53300', retriable: true, remedy: 'Raise max_connections of the server, or end connections' },
  { code: '53100', retriable: true, remedy: 'Free disk space on the server' },
  {
    code: '53200',
    message: /shared memory/,
    retriable: true,
    remedy:
      'Raise max_locks_per_transaction of the server to the number of captured tables, and restart the server',
  },
  { code: '53', retriable: true },
  {
    code: '28',
    retriable: false,
    remedy: 'Check database.user, database.password and pg_hba.conf of the server',
  },
  { code: '3D000', retriable: false, remedy: 'Check database.dbname' },
  { code: '55006', retriable: true, remedy: 'It can be used when the other process has ended' },
  {
    code: '42704',
    message: /publication/,
    retriable: false,
    remedy: 'Create the publication, or let publication.autocreate.mode create it; check publication.name',
  },
  {
    code: '42704',
    message: /replication slot/,
    retriable: false,
    remedy:
      'Somebody has dropped the slot: check slot.name, and take a new snapshot (snapshot.mode=when_needed)',
  },
  {
    code: '25006',
    retriable: false,
    remedy: 'The server is a standby or read-only: use the primary, or set read.only=true',
  },
  { code: '25P0', retriable: true },
  { code: '55P03', retriable: true },
  { code: '57P04', retriable: false, remedy: 'The database was dropped; check database.dbname' },
  { code: 'XX001', retriable: false, remedy: 'The server found damaged data' },
  { code: 'XX002', retriable: false, remedy: 'The server found a damaged index' },
]

/** Classes of SQLSTATE that tell of a wrong statement, wrong data or a wrong state, which a new attempt finds again. */
const permanentClasses = new Set('0A 0L 0P 22 23 25 26 2B 34 3D 3F 42 54 55'.split(' '))

/**
 * Whether an error of the server can be retried, and its remedy. `user` is the user of the connection. Errors that are not
 * known are retriable.
 *
 * Differs: Debezium retries all errors, also those that no attempt can solve.
 */
export function remedyOf(error: ServerError, user: string): Remedy {
  if (error.code === '42501') return { retriable: false, remedy: missingPrivilege(error.message, user) }
  for (const rule of rules) {
    if (error.code.startsWith(rule.code) && (rule.message?.test(error.message) ?? true)) return rule
  }
  return { retriable: !permanentClasses.has(error.code.slice(0, 2)) }
}

function missingPrivilege(message: string, user: string): string {
  const role = `"${user.replaceAll('"', '""')}"`
  const [, kind = '', object = ''] = /permission denied for (\w+) (.+)/.exec(message) ?? []
  if (kind === 'schema') return `Run GRANT USAGE ON SCHEMA "${object}" TO ${role}`
  if (kind === 'database') return `Run GRANT CREATE ON DATABASE "${object}" TO ${role}`
  if (kind === 'function') return `Run GRANT EXECUTE ON FUNCTION ${object} TO ${role}`
  if (['table', 'relation', 'view'].includes(kind)) return `Run GRANT SELECT ON "${object}" TO ${role}`
  if (/owner of/.test(message)) return `Make ${role} the owner, or run the statement as the owner`
  if (/ALL TABLES/.test(message)) {
    return 'Set publication.autocreate.mode=filtered, or create the publication as a superuser'
  }
  if (/replication|WAL sender|slot/i.test(message)) return `Run ALTER ROLE ${role} REPLICATION`
  return `Grant the missing privilege to ${role}`
}
