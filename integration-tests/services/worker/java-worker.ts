import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { installJava, missingForJava, startJava } from '../kafka/java-kit.ts'
import { freePorts, startOnFreePorts, untilLogged, workFolder, type Child } from '../processes/index.ts'
import { waitFor } from '../wait-for.ts'
import { propertiesText } from './headrace-worker.ts'
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
  /** Options of the JVM. */
  readonly jvm?: readonly string[]
  /** Port of the REST API; a free one by default. */
  readonly port?: number
}

const START_TIMEOUT_MS = 300_000
const defaultJvm = ['-Xms256m', '-Xmx1g']

/** Starts the Java worker. Resolves once its REST API responds. Requires Java and Maven. */
export async function startJavaWorker(options: JavaWorkerOptions): Promise<JavaWorker> {
  const missing = missingForJava()
  if (missing !== undefined) throw new Error(`the Java worker requires ${missing}: ${installJava}`)
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
      stop: async () => void (await child.stop()),
      kill: async () => void (await child.kill()),
    }
  })
}

function spawnJavaWorker({ props, connectorFiles, jvm }: JavaWorkerOptions, port: number): Promise<Child> {
  const folder = workFolder('java-worker')
  const propertyFile = join(folder, 'worker.properties')
  writeFileSync(propertyFile, propertiesText({ listeners: `http://127.0.0.1:${port}`, ...props }))
  const mode = connectorFiles === undefined ? 'Distributed' : 'Standalone'
  return startJava({
    mainClass: `org.apache.kafka.connect.cli.Connect${mode}`,
    args: [propertyFile, ...(connectorFiles ?? [])],
    jvm: [...(jvm ?? defaultJvm), '-Dorg.slf4j.simpleLogger.defaultLogLevel=info'],
    logFile: join(folder, 'log'),
  })
}
