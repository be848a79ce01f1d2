import { chown, cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeCertificate } from '../kafka/security.ts'
import {
  freePorts,
  isPortTaken,
  serverUser,
  startChild,
  workFolder,
  type Child,
  type SystemUser,
} from '../processes/index.ts'
import { untilUsable } from './client.ts'
import { elasticsearchKit, javaHome } from './kit.ts'
import {
  CERTIFICATE_FILE,
  javaOptions,
  KEY_FILE,
  loginOf,
  serverSettings,
  userFiles,
  type ElasticsearchOptions,
  type ElasticsearchServer,
  type SearchAddress,
} from './server.ts'

const HOST = '127.0.0.1'
const ATTEMPTS = 3
const STOP_TIMEOUT_MS = 60_000

/** A server on disk, and how to run it. */
interface Installation {
  readonly kit: string
  readonly user: SystemUser | undefined
  readonly folder: string
  readonly address: SearchAddress
}

/** Starts a server with the Java and Maven of this machine. */
export async function startLocally(options: ElasticsearchOptions): Promise<ElasticsearchServer> {
  const kit = await elasticsearchKit(options.report)
  options.report?.('starting Elasticsearch')
  for (let attempt = 1; ; attempt++) {
    const server = serverOf(await install(kit, options))
    try {
      await server.start()
      return server
    } catch (error) {
      await server.kill()
      if (!isPortTaken(error) || attempt === ATTEMPTS) throw error
    }
  }
}

async function install(kit: string, options: ElasticsearchOptions): Promise<Installation> {
  const [port = 0, transportPort = 0] = await freePorts(2)
  const user = serverUser('Elasticsearch', ['elasticsearch', 'nobody'])
  const folder = workFolder('elasticsearch')
  const config = join(folder, 'config')
  await cp(join(kit, 'config'), config, { recursive: true })
  for (const name of ['data', 'logs', 'tmp']) await mkdir(join(folder, name))
  const certificate = options.security === 'tls' ? makeCertificate(HOST) : null
  const files = {
    'elasticsearch.yml': yaml({
      'network.host': HOST,
      'http.port': String(port),
      'transport.port': String(transportPort),
      'path.data': join(folder, 'data'),
      'path.logs': join(folder, 'logs'),
      ...serverSettings(options),
    }),
    'jvm.options': ['-Djava.io.tmpdir=${ES_TMPDIR}', ...javaOptions(options), ''].join('\n'),
    ...(certificate === null
      ? {}
      : { [KEY_FILE]: certificate.key, [CERTIFICATE_FILE]: certificate.certificate }),
    ...userFiles(options),
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(config, name), text)
  if (user !== undefined) await give(folder, user)
  const url = `${certificate === null ? 'http' : 'https'}://${HOST}:${port}`
  const address = { url, login: loginOf(options), certificate: certificate?.certificate ?? null }
  return { kit, user, folder, address }
}

/** Formats lines of elasticsearch.yml. A string of JSON is one of YAML. */
export function yaml(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
    .join('')
}

async function give(folder: string, user: SystemUser): Promise<void> {
  const inside = await readdir(folder, { recursive: true })
  for (const path of ['.', ...inside]) await chown(join(folder, path), user.uid, user.gid)
}

/** The program starts a second process, the server, so that signals go to both. */
function serverOf(installation: Installation): ElasticsearchServer {
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

async function launch({ kit, user, folder, address }: Installation): Promise<Child> {
  const child = startChild({
    command: join(kit, 'bin', 'elasticsearch'),
    args: [],
    cwd: folder,
    logFile: join(folder, 'server.log'),
    env: {
      ES_PATH_CONF: join(folder, 'config'),
      ES_JAVA_HOME: javaHome(),
      ES_TMPDIR: join(folder, 'tmp'),
      HOME: folder,
    },
    ...(user === undefined ? {} : { user }),
  })
  let hasEnded = false
  void child.ended.then(() => (hasEnded = true))
  await untilUsable(address, () => hasEnded, child.log)
  return child
}
