import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

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
