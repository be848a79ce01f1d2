import { chownSync } from 'node:fs'
import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  freePorts,
  runToEnd,
  serverUser,
  startChild,
  startOnFreePorts,
  untilLogged,
  workFolder,
  type Child,
  type SystemUser,
} from '../processes/index.ts'
import type { PostgresPrograms } from './programs.ts'
import {
  PASSWORD,
  READY,
  serverSettings,
  serverUrl,
  START_TIMEOUT_MS,
  SUPERUSER,
  type PostgresOptions,
  type PostgresServer,
} from './server.ts'

const HOST = '127.0.0.1'
const ATTEMPTS = 3
const STOP_TIMEOUT_MS = 60_000
/** Processes of a killed server that have not noticed its end yet. */
const STILL_RUNNING = /pre-existing shared memory block|lock file "postmaster.pid" already exists/

/** A database cluster on disk, and how to run it. */
interface Cluster {
  readonly programs: PostgresPrograms
  readonly user: SystemUser | undefined
  readonly folder: string
  readonly data: string
  readonly port: number
}

/** Starts a server with the PostgreSQL installation of this machine. */
export async function startLocally(
  programs: PostgresPrograms,
  options: PostgresOptions,
): Promise<PostgresServer> {
  options.report?.('starting PostgreSQL')
  return startOnFreePorts(async () => {
    const [port = 0] = await freePorts(1)
    return serverOf(await createCluster(programs, port, options))
  })
}

async function createCluster(
  programs: PostgresPrograms,
  port: number,
  options: PostgresOptions,
): Promise<Cluster> {
  const user = serverUser('PostgreSQL', ['postgres', 'nobody'])
  const folder = workFolder('postgres')
  const cluster = { programs, user, folder, data: join(folder, 'data'), port }
  const passwordFile = join(folder, 'password')
  await writeFile(passwordFile, PASSWORD)
  for (const path of [folder, passwordFile]) if (user !== undefined) chownSync(path, user.uid, user.gid)
  const encoding = ['--encoding=UTF8', '--locale=C.UTF-8', '--no-sync']
  const login = [`--username=${SUPERUSER}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`]
  await runToEnd({
    command: programs.initdb,
    args: ['-D', cluster.data, ...encoding, ...login],
    cwd: folder,
    logFile: join(folder, 'initdb.log'),
    ...(user === undefined ? {} : { user }),
  })
  const places = { port: String(port), listen_addresses: HOST, unix_socket_directories: '' }
  await appendFile(
    join(cluster.data, 'postgresql.conf'),
    settingsText({ ...places, ...serverSettings(options) }),
  )
  return cluster
}

/** Formats lines of postgresql.conf. */
export function settingsText(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join('')
}

function serverOf(cluster: Cluster): PostgresServer {
  const { port } = cluster
  let child: Child | undefined
  return {
    url: serverUrl(HOST, port),
    async start() {
      child = await launch(cluster)
    },
    async stop(mode = 'fast') {
      if (mode === 'fast') child?.signal('SIGINT')
      else child?.signal('SIGQUIT')
      await ended(child)
    },
    kill: async () => void (await child?.kill()),
  }
}

let runs = 0

async function launch(cluster: Cluster): Promise<Child> {
  const { programs, user, folder, data, port } = cluster
  for (let attempt = 1; ; attempt++) {
    const child = startChild({
      command: programs.postgres,
      args: ['-D', data],
      cwd: folder,
      logFile: join(folder, `server-${++runs}.log`),
      ...(user === undefined ? {} : { user }),
    })
    try {
      await untilLogged(child, READY, START_TIMEOUT_MS, `PostgreSQL on port ${port}`)
      return child
    } catch (error) {
      await child.kill()
      if (attempt === ATTEMPTS || !STILL_RUNNING.test(String(error))) throw error
    }
  }
}

async function ended(child: Child | undefined): Promise<void> {
  if (child === undefined) return
  const late = setTimeout(() => void child.kill(), STOP_TIMEOUT_MS)
  await child.ended
  clearTimeout(late)
}
