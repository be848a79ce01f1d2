import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ARCHIVE_MS, archivedClasses, quickStart } from '../kafka/class-archive.ts'
import { installJava, missingForJava, startJava } from '../kafka/java-kit.ts'
import { freePorts, startOnFreePorts, untilLogged, workFolder, type Child } from '../processes/index.ts'
import { waitFor } from '../wait-for.ts'
import { propertiesText } from './headrace-worker.ts'
import { distributedProps } from './props.ts'
import { RestClient } from './rest-client.ts'

/** The Connect worker of Apache Kafka. */
export interface JavaWorker {
  readonly pid: number
  readonly rest: RestClient
  log(): string
  stop(): Promise<void>
  kill(): Promise<void>
}

export interface JavaWorkerOptions {
  readonly props: Readonly<Record<string, string>>
  /** Connector files of a standalone worker. If missing, the worker is distributed. */
  readonly connectorFiles?: readonly string[]
  /** Options of the JVM. By default, those of a small worker that starts with little work. */
  readonly jvm?: readonly string[]
  /** Port of the REST API; a free one by default. */
  readonly port?: number
}

type StartOptions = JavaWorkerOptions & Required<Pick<JavaWorkerOptions, 'jvm'>>

const START_TIMEOUT_MS = 300_000
const smallJvm = [...quickStart, '-XX:+UseSerialGC', '-Xmx512m']
/** Without a search for plugins that do not declare themselves. */
const declaredPlugins = { 'plugin.discovery': 'service_load' }

/** Starts the Java worker. Resolves once its REST API responds. Requires Java and Maven. */
export async function startJavaWorker(options: JavaWorkerOptions): Promise<JavaWorker> {
  const missing = missingForJava()
  if (missing !== undefined) throw new Error(`the Java worker requires ${missing}: ${installJava}`)
  const { jvm } = options
  if (jvm !== undefined) return startWith({ ...options, jvm })
  const small = [...smallJvm, await archive(options.props['bootstrap.servers'] ?? '')]
  return startWith({ ...options, props: { ...declaredPlugins, ...options.props }, jvm: small })
}

const archive = (bootstrapServers: string) =>
  archivedClasses('worker', async (jvm) => {
    const props = { ...declaredPlugins, ...distributedProps(bootstrapServers) }
    const worker = await startWith({ props, jvm: [...smallJvm, ...jvm] }, ARCHIVE_MS)
    await worker.stop()
  })

function startWith(options: StartOptions, stopPatienceMs?: number): Promise<JavaWorker> {
  return startOnFreePorts(async () => {
    const port = options.port ?? (await freePorts(1))[0] ?? 0
    const child = await spawnJavaWorker(options, port)
    const rest = new RestClient(`http://127.0.0.1:${port}`)
    return {
      pid: child.pid,
      rest,
      log: child.log,
      async start() {
        await untilLogged(child, /Kafka Connect started/, START_TIMEOUT_MS, 'the Java worker')
        await waitFor(async () => ((await rest.get('/connectors')).status === 200 ? true : undefined), {
          timeoutMs: START_TIMEOUT_MS,
          what: 'the REST API of the Java worker',
        })
      },
      stop: async () => void (await child.stop(stopPatienceMs)),
      kill: async () => void (await child.kill()),
    }
  })
}

function spawnJavaWorker({ props, connectorFiles, jvm }: StartOptions, port: number): Promise<Child> {
  const folder = workFolder('java-worker')
  const propertyFile = join(folder, 'worker.properties')
  const listeners = `http://127.0.0.1:${port}`
  writeFileSync(propertyFile, propertiesText({ listeners, ...props }))
  const mode = connectorFiles === undefined ? 'Distributed' : 'Standalone'
  return startJava({
    mainClass: `org.apache.kafka.connect.cli.Connect${mode}`,
    args: [propertyFile, ...(connectorFiles ?? [])],
    jvm: [...jvm, '-Dorg.slf4j.simpleLogger.defaultLogLevel=info'],
    logFile: join(folder, 'log'),
  })
}
