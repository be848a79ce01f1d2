import { testcontainers } from '../docker-engine.ts'
import { freePorts } from '../processes/index.ts'
import { waitFor } from '../wait-for.ts'
import {
  ACCESS_KEY_ID,
  answers,
  REGION,
  rootAccount,
  SECRET_ACCESS_KEY,
  START_TIMEOUT_MS,
  VERSION,
  type S3Options,
  type S3Server,
} from './server.ts'

const IMAGE = `versity/versitygw:${VERSION}`
const PORT = 7070
const STOP_TIMEOUT_S = 30
const DATA = '/tmp/data'

/** Starts a server in a container, which is removed when this process exits for any reason. */
export async function startInDocker(options: S3Options): Promise<S3Server> {
  options.report?.('starting the S3 server in Docker')
  const { GenericContainer, getContainerRuntimeClient } = await testcontainers()
  const runtime = await getContainerRuntimeClient()
  const { host } = runtime.info.containerRuntime
  const [port = 0] = await freePorts(1)
  const container = await new GenericContainer(IMAGE)
    .withExposedPorts({ container: PORT, host: port })
    .withEnvironment(rootAccount)
    .withTmpFs({ [DATA]: 'rw' })
    .withCommand(['--port', `:${PORT}`, '--region', REGION, 'posix', DATA])
    .withStartupTimeout(START_TIMEOUT_MS)
    .start()
  const handle = runtime.container.getById(container.getId())
  const endpoint = `http://${host === 'localhost' ? '127.0.0.1' : host}:${port}`
  const untilReady = async () => {
    const ready = async () => ((await answers(endpoint)) ? true : undefined)
    await waitFor(ready, { timeoutMs: START_TIMEOUT_MS, what: 'the S3 server in Docker to answer' })
  }
  await untilReady()
  return {
    endpoint,
    accessKeyId: ACCESS_KEY_ID,
    secretAccessKey: SECRET_ACCESS_KEY,
    stop: async () => void (await handle.stop({ t: STOP_TIMEOUT_S })),
    kill: async () => void (await handle.kill()),
    async start() {
      await container.restart()
      await untilReady()
    },
  }
}
