import { dockerAnswers } from '../docker-engine.ts'
import { createDatabaseOn, type Database } from './database.ts'
import { startInDocker } from './docker.ts'
import { startLocally } from './local.ts'
import { findPrograms, installPrograms } from './programs.ts'
import type { PostgresOptions, PostgresServer } from './server.ts'

export { createDatabaseOn } from './database.ts'
export type { Database } from './database.ts'
export type { PostgresOptions, PostgresServer } from './server.ts'

/** Name of the environment variable with the URL of an existing PostgreSQL, of a superuser with its password. */
export const POSTGRES_URL = 'PG_URL'

/**
 * Starts a PostgreSQL server of its own: in Docker if an engine responds, otherwise with the programs of this machine.
 *
 * If neither is available, throws an error that says what to install.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  if (await dockerAnswers()) {
    options.report?.('starting PostgreSQL in Docker')
    return startInDocker(options)
  }
  const programs = findPrograms()
  if (programs !== undefined) return startLocally(programs, options)
  throw new Error(
    `No PostgreSQL available: ${POSTGRES_URL} is not set, no Docker engine responds, and no programs are found.\n` +
      `Do one of the following: set ${POSTGRES_URL}=postgres://user:password@host:port/postgres, start Docker, or ${installPrograms}.`,
  )
}

/** Resolves to the URL of a server that tests share: from the environment, otherwise started for this process. */
export async function sharedPostgres(report?: (text: string) => void): Promise<string> {
  const given = process.env[POSTGRES_URL]
  if (given !== undefined && given !== '') return given
  started ??= startPostgres(report === undefined ? {} : { report })
  return (await started).url
}

let started: Promise<PostgresServer> | undefined

/** Creates a database with a unique name on the shared server. Drop it at the end of the test. */
export async function createDatabase(name?: string): Promise<Database> {
  return createDatabaseOn(await sharedPostgres(), name)
}
