import { readFileSync } from 'node:fs'

/** A user of this machine. */
export interface SystemUser {
  readonly uid: number
  readonly gid: number
}

/**
 * Returns the user to run a server as that refuses to run as root: the first of these that the machine has. Undefined for
 * the user of this process.
 *
 * Throws if this is root and the machine has none of them.
 */
export function serverUser(server: string, names: readonly string[]): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = systemUsers(readFileSync('/etc/passwd', 'utf8'))
  const user = names.map((name) => users.get(name)).find((candidate) => candidate !== undefined)
  if (user !== undefined) return user
  throw new Error(`${server} does not run as root, and this machine has no user ${names.join(' or ')}`)
}

/** Parses /etc/passwd. */
export function systemUsers(passwd: string): Map<string, SystemUser> {
  const lines = passwd.split('\n').map((line) => line.split(':'))
  return new Map(lines.map(([name = '', , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }]))
}
