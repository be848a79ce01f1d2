import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { SystemUser } from '../processes/index.ts'

/** The programs of a PostgreSQL installation. */
export interface PostgresPrograms {
  readonly initdb: string
  readonly postgres: string
}

/** What a user installs to get the programs. */
export const installPrograms =
  'install the PostgreSQL server (apt-get install postgresql, or add its folder bin to PATH)'

/** Debian and Ubuntu keep the programs of the server out of PATH. */
const DEBIAN = '/usr/lib/postgresql'

const USERS = ['postgres', 'nobody']

/** Returns the programs in PATH, otherwise those of the newest version that Debian installed; undefined if none. */
export function findPrograms(): PostgresPrograms | undefined {
  const inPath = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : []
  const newestFirst = versions.toSorted((one, other) => Number(other) - Number(one))
  return [...inPath, ...newestFirst.map((version) => join(DEBIAN, version, 'bin'))]
    .map(programsIn)
    .find(({ initdb, postgres }) => existsSync(initdb) && existsSync(postgres))
}

function programsIn(folder: string): PostgresPrograms {
  return { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres') }
}

/**
 * Returns the user to run PostgreSQL as, because it refuses to run as root; undefined for the user of this process.
 *
 * Throws if this is root and the machine has no such user.
 */
export function serverUser(): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = systemUsers(readFileSync('/etc/passwd', 'utf8'))
  const user = USERS.map((name) => users.get(name)).find((candidate) => candidate !== undefined)
  if (user !== undefined) return user
  throw new Error(`PostgreSQL does not run as root, and this machine has no user ${USERS.join(' or ')}`)
}

/** Parses /etc/passwd. */
export function systemUsers(passwd: string): Map<string, SystemUser> {
  const lines = passwd.split('\n').map((line) => line.split(':'))
  return new Map(lines.map(([name = '', , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }]))
}
