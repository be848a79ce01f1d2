import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startChild, workFolder } from '../services/index.ts'
import { untilLogged } from '../services/processes/index.ts'

const START_TIMEOUT_MS = 60_000
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024
const execute = promisify(execFile)

/** A separate Docker engine, with its data in a work folder. */
export interface Engine {
  /** The environment variables for Docker clients and testcontainers. */
  readonly env: Readonly<Record<string, string>>
  /** Runs a Docker command and resolves to its output. Throws if it exits with a code other than 0. */
  docker(...args: readonly string[]): Promise<string>
  /** Like `docker`, for Docker Compose: the plugin of the Docker client, or docker-compose. */
  compose(...args: readonly string[]): Promise<string>
}

/** Starts a Docker engine that stops with this process. Requires root and the programs of Debian's docker.io. */
export async function startEngine(): Promise<Engine> {
  const folder = workFolder('docker')
  const socket = `unix://${join(folder, 'docker.sock')}`
  const logFile = join(folder, 'dockerd.log')
  const settings = {
    'host': socket,
    'data-root': join(folder, 'data'),
    'exec-root': join(folder, 'exec'),
    'pidfile': join(folder, 'dockerd.pid'),
  }
  const args = Object.entries(settings).map(([name, value]) => `--${name}=${value}`)
  const daemon = startChild({ command: 'dockerd', args, logFile })
  await untilLogged(daemon, /API listen on/, START_TIMEOUT_MS, 'dockerd')
  // Without BuildKit, whose plugin the client may lack, and without Ryuk, whose image cannot be pulled.
  const env = { DOCKER_HOST: socket, DOCKER_BUILDKIT: '0', TESTCONTAINERS_RYUK_DISABLED: 'true' }
  const run = async (command: string, given: readonly string[]) => {
    const options = { env: { ...process.env, ...env }, maxBuffer: MAX_OUTPUT_BYTES }
    return (await execute(command, [...given], options)).stdout
  }
  const docker = (...given: readonly string[]) => run('docker', given)
  const hasPlugin = await docker('compose', 'version').then(
    () => true,
    () => false,
  )
  return {
    env,
    docker,
    compose: (...given) => (hasPlugin ? docker('compose', ...given) : run('docker-compose', given)),
  }
}
