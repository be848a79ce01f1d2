import { testcontainers } from '../docker-engine.ts'
import { makeCertificate } from '../kafka/security.ts'
import { freePorts } from '../processes/index.ts'
import { untilUsable } from './client.ts'
import type { Distribution } from './distributions.ts'
import {
  CERTIFICATE_FILE,
  javaOptions,
  KEY_FILE,
  loginOf,
  serverSettings,
  START_TIMEOUT_MS,
  userFiles,
  type ElasticsearchOptions,
  type TestSearchServer,
} from './server.ts'

const PORT = 9200
const STOP_TIMEOUT_S = 60

/** Starts a server in a container, which is removed when this process exits for any reason. */
export async function startInDocker(
  distribution: Distribution,
  options: ElasticsearchOptions,
): Promise<TestSearchServer> {
  const { name, version, program, prefix, image, imageEnvironment } = distribution
  options.report?.(`starting ${name} in Docker`)
  const { GenericContainer, getContainerRuntimeClient } = await testcontainers()
  const runtime = await getContainerRuntimeClient()
  const { host } = runtime.info.containerRuntime
  const clientHost = host === 'localhost' ? '127.0.0.1' : host
  const [port = 0] = await freePorts(1)
  const certificate = options.security === 'tls' ? makeCertificate(clientHost) : null
  const files = {
    ...(certificate === null
      ? {}
      : { [KEY_FILE]: certificate.key, [CERTIFICATE_FILE]: certificate.certificate }),
    ...userFiles(options),
  }
  const container = await new GenericContainer(`${image}:${version}`)
    .withExposedPorts({ container: PORT, host: port })
    // the image takes settings from variables with their names
    .withEnvironment({
      ...serverSettings(distribution, options),
      ...imageEnvironment,
      [`${prefix}_JAVA_OPTS`]: javaOptions(options).join(' '),
    })
    .withCopyContentToContainer(
      Object.entries(files).map(([file, content]) => ({
        content,
        target: `/usr/share/${program}/config/${file}`,
        mode: 0o644,
      })),
    )
    .withStartupTimeout(START_TIMEOUT_MS)
    .start()
  const handle = runtime.container.getById(container.getId())
  const address = {
    url: `${certificate === null ? 'http' : 'https'}://${clientHost}:${port}`,
    login: loginOf(options),
    certificate: certificate?.certificate ?? null,
  }
  const log = () => `that of the container ${container.getId()}`
  await untilUsable(address, () => false, log)
  return {
    ...address,
    stop: async () => void (await handle.stop({ t: STOP_TIMEOUT_S })),
    kill: async () => void (await handle.kill()),
    freeze: async () => void (await handle.pause()),
    thaw: async () => void (await handle.unpause()),
    async start() {
      await container.restart()
      await untilUsable(address, () => false, log)
    },
  }
}
