import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startChild, untilLogged, workFolder, type Child, type Ending } from '../processes/index.ts'
import { commandLine, projectFolder } from '../project.ts'
import { RestClient } from './rest-client.ts'

/** A Headrace worker in a separate process. */
export interface HeadraceWorker {
  readonly pid: number
  readonly rest: RestClient
  readonly ended: Promise<Ending>
  log(): string
  /** Sends a signal to the main process only. */
  signal(name: NodeJS.Signals): void
  /** Sends a signal to the main process and its task processes. */
  signalAll(name: NodeJS.Signals): void
  /** Stops it gracefully. */
  stop(): Promise<Ending>
  /** Kills it like `kill -9`. Its task processes have to detect this themselves. */
  kill(): Promise<Ending>
}

export interface WorkerOptions {
  /** Settings for the property file, in addition to those of all tests. */
  readonly props: Readonly<Record<string, string>>
  /** Connector files of a standalone worker. If missing, the worker is distributed. */
  readonly connectorFiles?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

const START_TIMEOUT_MS = 60_000
const STOP_PATIENCE_MS = 30_000

const always = {
  'listeners': 'http://127.0.0.1:0', // the system chooses a free port
  'log.format': 'json',
  // On a busy machine, a task process may not run for seconds without hanging
  'task.process.stall.timeout.ms': '30000',
}

/** Starts a worker from the command line. Resolves once its REST API responds. */
export async function launchWorker(options: WorkerOptions): Promise<HeadraceWorker> {
  const { child, propertyFile } = spawnWorker(options)
  await untilLogged(child, /worker is up/, START_TIMEOUT_MS, `worker of ${propertyFile}`)
  const url = urlIn(child.log())
  return {
    pid: child.pid,
    rest: new RestClient(url),
    ended: child.ended,
    log: child.log,
    signal: child.signal,
    signalAll: child.signalGroup,
    stop: () => child.stop(STOP_PATIENCE_MS),
    kill: () => child.kill(),
  }
}

/** Starts a worker without waiting, for workers that are expected to fail. */
export function spawnWorker({ props, connectorFiles, env, cwd }: WorkerOptions): {
  readonly child: Child
  readonly propertyFile: string
} {
  const folder = workFolder('worker')
  const propertyFile = join(folder, 'worker.properties')
  const all = { ...always, ...props }
  writeFileSync(propertyFile, propertiesText(all))
  const command = connectorFiles === undefined ? 'distributed' : 'standalone'
  const child = startChild({
    command: process.execPath,
    args: [commandLine, command, propertyFile, ...(connectorFiles ?? [])],
    logFile: join(folder, 'log'),
    cwd: cwd ?? projectFolder,
    ...(env === undefined ? {} : { env }),
  })
  return { child, propertyFile }
}

/** Formats a property file. Values must not contain newlines or backslashes. */
export function propertiesText(props: Readonly<Record<string, string>>): string {
  return Object.entries(props)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')
}

function urlIn(log: string): string {
  const line = log.split('\n').find((text) => text.includes('worker is up')) ?? '{}'
  const { url } = JSON.parse(line) as { url?: string }
  if (url === undefined) throw new Error(`the worker did not log the URL of its REST API: ${line}`)
  return url
}
