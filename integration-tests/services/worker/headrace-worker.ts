import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startChild, untilLogged, workFolder, type Child, type Ending } from '../processes/index.ts'
import { commandLine, projectFolder } from '../project.ts'
import { RestClient } from './rest-client.ts'

/** A worker of ours that runs in a process of its own. */
export interface HeadraceWorker {
  readonly pid: number
  readonly rest: RestClient
  readonly ended: Promise<Ending>
  log(): string
  signal(name: NodeJS.Signals): void
  /** Ends it softly. */
  stop(): Promise<Ending>
  /** Ends it as `kill -9` does; its task processes have to notice by themselves. */
  kill(): Promise<Ending>
}

export interface WorkerOptions {
  /** The worker's property file, on top of what tests always set. */
  readonly props: Readonly<Record<string, string>>
  /** Standalone with connector files; distributed otherwise. */
  readonly connectorFiles?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

const START_TIMEOUT_MS = 60_000
const STOP_PATIENCE_MS = 30_000

const always = {
  'listeners': 'http://127.0.0.1:0', // the system chooses a port that is free
  'log.format': 'json',
  // A task process that a busy machine does not run for seconds is not a hanging one
  'task.process.stall.timeout.ms': '30000',
}

/** Starts a worker from the command line; resolves once its REST API answers. */
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
    stop: () => child.stop(STOP_PATIENCE_MS),
    kill: () => child.kill(),
  }
}

/** Starts a worker without waiting: for those that are expected not to come up. */
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

/** Properties as a file has them; values hold neither line ends nor backslashes. */
export function propertiesText(props: Readonly<Record<string, string>>): string {
  return Object.entries(props)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')
}

function urlIn(log: string): string {
  const line = log.split('\n').find((text) => text.includes('worker is up')) ?? '{}'
  const { url } = JSON.parse(line) as { url?: string }
  if (url === undefined) throw new Error(`the worker does not tell where its REST API is: ${line}`)
  return url
}
