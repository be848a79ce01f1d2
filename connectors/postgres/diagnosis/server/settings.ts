import type { Finding } from '../../../../api/index.ts'
import { walLevelFault, type Server } from '../../catalog/server.ts'
import { quoteIdentifier } from '../../connection/quoting.ts'
import { error, info, warning } from '../../../shared/finding.ts'
import { run, sizeText } from '../texts.ts'
import type { Inspection } from '../inspection.ts'

/** The catalog queries and pg_partition_ancestors need it. */
const OLDEST_VERSION = 12
/** The first version whose standby servers decode the WAL. */
const STANDBY_VERSION = 16
/** The server ends a connection that has not answered for so long. Garbage collection and slow networks take time. */
const SHORT_SENDER_TIMEOUT_MS = 10_000
const SMALL_WAL_LIMIT = 1024 ** 3

/** The finding about a server whose catalog cannot be read, because it is too old; undefined if it is not. */
export function tooOld({ version }: Server): Finding | undefined {
  const major = majorOf(version)
  if (major >= OLDEST_VERSION) return undefined
  const text = `The server has version ${major}, expected at least ${OLDEST_VERSION}.`
  return error('version-too-old', text, 'Upgrade the server.')
}

const majorOf = (version: number): number => Math.floor(version / 10_000)

/** WAL level and encoding of the server, and whether it is a standby. */
export function serverFindings({ server, streams }: Inspection): readonly Finding[] {
  const found: Finding[] = []
  const walLevel = streams ? walLevelFault(server) : undefined
  if (walLevel !== undefined) {
    const statement = run(`ALTER SYSTEM SET wal_level = 'logical'`)
    const remedy = `${walLevel.remedy} As a superuser, before the restart, ${statement}`
    found.push(error('wal-level', walLevel.problem, remedy))
  }
  if (server.encoding === 'SQL_ASCII') {
    const text =
      'The database has the encoding SQL_ASCII, expected UTF8: texts are not checked, and other bytes than those of UTF-8' +
      ' become replacement characters in events.'
    found.push(warning('encoding', text, 'Move the data to a database with the encoding UTF8.'))
  }
  if (server.inRecovery && streams) found.push(...standby(majorOf(server.version)))
  return found
}

function standby(version: number): readonly Finding[] {
  if (version < STANDBY_VERSION) {
    const text = `The server is a standby of version ${version}, which cannot decode the WAL; expected ${STANDBY_VERSION} or later.`
    return [error('standby-version', text, 'Set database.hostname to the primary, or upgrade both servers.')]
  }
  const text =
    'The server is a standby: publications and replica identities are made on the primary, and the creation of the slot' +
    ' waits until the primary logs its running transactions.'
  const remedy =
    'Set hot_standby_feedback = on on the standby, so that its slots are not invalidated. While the slot is being created, on the primary ' +
    run('SELECT pg_log_standby_snapshot()')
  return [warning('standby', text, remedy)]
}

/** The timeout after which the server ends a stream. Other timeouts are off in the connections of the connector. */
export function senderTimeoutFindings({ role, server, streams }: Inspection): readonly Finding[] {
  const ms = server.walSenderTimeoutMs
  if (!streams || ms >= SHORT_SENDER_TIMEOUT_MS) return []
  const [value, harm] =
    ms === 0
      ? [
          '0 (off)',
          'the server does not notice that a worker is gone without closing its connection, and the slot stays in use',
        ]
      : [`${ms} ms`, 'the server ends the stream whenever the network or the worker is slow for so long']
  const statement = `ALTER ROLE ${quoteIdentifier(role.login)} SET wal_sender_timeout = '60s'`
  return [
    warning(
      'wal-sender-timeout',
      `wal_sender_timeout is ${value}: ${harm}.`,
      `Set it for the role: ${run(statement)}`,
    ),
  ]
}

/** How much WAL slots may keep. */
export function walLimitFindings({ server, streams }: Inspection): readonly Finding[] {
  if (!streams || server.version < 130_000) return []
  const limit = server.maxSlotWalKeepSize
  const remedy = `Set it to what the disk of the server can hold beside the data; as a superuser, ${run(
    `ALTER SYSTEM SET max_slot_wal_keep_size = '100GB'`,
    'SELECT pg_reload_conf()',
  )}`
  if (limit === null) {
    const text =
      'max_slot_wal_keep_size is -1: while the connector does not run, its slot keeps all WAL until the disk of the server is full.'
    return [info('wal-unlimited', text, remedy)]
  }
  if (limit >= SMALL_WAL_LIMIT) return []
  const text =
    `max_slot_wal_keep_size is ${sizeText(limit)}: after so much WAL without the connector, the slot is lost, and a new` +
    ' snapshot is necessary.'
  return [warning('wal-limit-small', text, remedy)]
}
