import { testcontainers } from '../docker-engine.ts'
import { freePorts } from '../processes/index.ts'
import { waitFor } from '../wait-for.ts'
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

const IMAGE = 'postgres:17'
const PORT = 5432
const STOP_TIMEOUT_S = 60
/** The image starts the server once for itself while it creates the cluster. */
const STARTS = 2

/** Starts a server in a container, which is removed when this process exits for any reason. */
export async function startInDocker(options: PostgresOptions): Promise<PostgresServer> {
  const { GenericContainer, getContainerRuntimeClient, Wait } = await testcontainers()
  const runtime = await getContainerRuntimeClient()
  const { host } = runtime.info.containerRuntime
  const [port = 0] = await freePorts(1)
  const container = await new GenericContainer(IMAGE)
    .withExposedPorts({ container: PORT, host: port })
    .withEnvironment({
      POSTGRES_USER: SUPERUSER,
      POSTGRES_PASSWORD: PASSWORD,
      POSTGRES_INITDB_ARGS: '--encoding=UTF8 --locale=C.UTF-8 --auth-host=scram-sha-256',
    })
    .withCommand(['postgres', ...commandSettings(options)])
    .withWaitStrategy(Wait.forLogMessage(READY, STARTS))
    .withStartupTimeout(START_TIMEOUT_MS)
    .start()
  const handle = runtime.container.getById(container.getId())
  const untilStopped = async () => {
    const stopped = async () => ((await handle.inspect()).State.Running ? undefined : true)
    await waitFor(stopped, { timeoutMs: START_TIMEOUT_MS, what: 'the container of PostgreSQL to stop' })
  }
  const signal = async (name: string) => {
    await handle.kill({ signal: name })
    await untilStopped()
  }
  return {
    url: serverUrl(host === 'localhost' ? '127.0.0.1' : host, port),
    stop: async (mode = 'fast') =>
      mode === 'fast' ? void (await handle.stop({ t: STOP_TIMEOUT_S })) : signal('SIGQUIT'),
    kill: () => signal('SIGKILL'),
    start: () => container.restart(),
  }
}

function commandSettings(options: PostgresOptions): string[] {
  return Object.entries(serverSettings(options)).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
