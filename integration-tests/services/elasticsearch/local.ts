import { chown, cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeCertificate } from '../kafka/security.ts'
import {
  freePorts,
  serverUser,
  startChild,
  startOnFreePorts,
  workFolder,
  type Child,
  type SystemUser,
} from '../processes/index.ts'
import { untilUsable } from './client.ts'
import type { Distribution } from './distributions.ts'
import { javaHome, serverKit } from './kit.ts'
import {
  CERTIFICATE_FILE,
  javaOptions,
  KEY_FILE,
  loginOf,
  serverSettings,
  userFiles,
  type ElasticsearchOptions,
  type SearchAddress,
  type TestSearchServer,
} from './server.ts'

const HOST = '127.0.0.1'
const STOP_TIMEOUT_MS = 60_000

/** A server on disk, and how to run it. */
interface Installation {
  readonly distribution: Distribution
  readonly kit: string
  readonly user: SystemUser | undefined
  readonly folder: string
  readonly address: SearchAddress
}

/** Starts a server with the Java and Maven of this machine. */
export async function startLocally(
  distribution: Distribution,
  options: ElasticsearchOptions,
): Promise<TestSearchServer> {
  const kit = await serverKit(distribution, options.report)
  options.report?.(`starting ${distribution.name}`)
  return startOnFreePorts(async () => serverOf(await install(distribution, kit, options)))
}

async function install(
  distribution: Distribution,
  kit: string,
  options: ElasticsearchOptions,
): Promise<Installation> {
  const [port = 0, transportPort = 0] = await freePorts(2)
  const user = serverUser(distribution.name, [distribution.program, 'nobody'])
  const folder = workFolder(distribution.program)
  const config = join(folder, 'config')
  await cp(join(kit, 'config'), config, { recursive: true })
  for (const name of ['data', 'logs', 'tmp']) await mkdir(join(folder, name))
  const certificate = options.security === 'tls' ? makeCertificate(HOST) : null
  const files = {
    [`${distribution.program}.yml`]: yaml({
      'network.host': HOST,
      'http.port': String(port),
      'transport.port': String(transportPort),
      'path.data': join(folder, 'data'),
      'path.logs': join(folder, 'logs'),
      ...serverSettings(distribution, options),
    }),
    'jvm.options': [
      `-Djava.io.tmpdir=${join(folder, 'tmp')}`,
      ...distribution.jvm,
      ...javaOptions(options),
      '',
    ].join('\n'),
    ...(certificate === null
      ? {}
      : { [KEY_FILE]: certificate.key, [CERTIFICATE_FILE]: certificate.certificate }),
    ...userFiles(options),
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(config, name), text)
  if (user !== undefined) await give(folder, user)
  const url = `${certificate === null ? 'http' : 'https'}://${HOST}:${port}`
  const address = { url, login: loginOf(options), certificate: certificate?.certificate ?? null }
  return { distribution, kit, user, folder, address }
}

/** Formats lines of the configuration. A string of JSON is one of YAML. */
export function yaml(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
    .join('')
}

async function give(folder: string, user: SystemUser): Promise<void> {
  const inside = await readdir(folder, { recursive: true })
  for (const path of ['.', ...inside]) await chown(join(folder, path), user.uid, user.gid)
}

/** The program of Elasticsearch starts a second process, the server, so that signals go to both. */
function serverOf(installation: Installation): TestSearchServer {
  let child: Child | undefined
  return {
    ...installation.address,
    async start() {
      child = await launch(installation)
    },
    async stop() {
      await child?.stop(STOP_TIMEOUT_MS)
    },
    async kill() {
      if (child === undefined) return
      child.signalGroup('SIGKILL')
      await child.ended
    },
    freeze: async () => child?.signalGroup('SIGSTOP'),
    thaw: async () => child?.signalGroup('SIGCONT'),
  }
}

async function launch({ distribution, kit, user, folder, address }: Installation): Promise<Child> {
  const { prefix, program } = distribution
  const child = startChild({
    command: join(kit, 'bin', program),
    args: [],
    cwd: folder,
    logFile: join(folder, 'server.log'),
    env: {
      [`${prefix}_PATH_CONF`]: join(folder, 'config'),
      [`${prefix}_JAVA_HOME`]: javaHome(),
      [`${prefix}_TMPDIR`]: join(folder, 'tmp'),
      HOME: folder,
    },
    ...(user === undefined ? {} : { user }),
  })
  let hasEnded = false
  void child.ended.then(() => (hasEnded = true))
  await untilUsable(address, () => hasEnded, child.log)
  return child
}
