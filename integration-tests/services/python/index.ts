import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { cachedFolder, shortHash } from '../processes/index.ts'

/** Name of the environment variable with the Python to use; by default `python3` of the PATH. */
export const PYTHON = 'PYTHON'

const OLDEST_PYTHON = [3, 9] as const
const TIMEOUT_MS = 300_000
const MAX_OUTPUT = 1 << 28

const run = promisify(execFile)

export interface PythonOptions {
  /** Packages that the program imports under their own names, such as `fastavro`. */
  readonly packages: readonly string[]
  readonly args?: readonly string[]
  readonly report?: (text: string) => void
}

/**
 * Runs a Python program and resolves to its output. Packages that are not installed are downloaded once to the user's
 * cache. Rejects with the error output of a program that fails, and with what to install if there is no Python.
 */
export async function runPython(
  program: string,
  { packages, args = [], report }: PythonOptions,
): Promise<string> {
  const python = (found ??= findPython())
  const key = packages.join()
  let env = environments.get(key)
  if (env === undefined) environments.set(key, (env = environment(python, packages, report)))
  const options = { env: { ...process.env, ...(await env) }, timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT }
  const { stdout } = await run(python, ['-c', program, ...args], options)
  return stdout
}

let found: string | undefined
const environments = new Map<string, Promise<Readonly<Record<string, string>>>>()

function findPython(): string {
  const command = process.env[PYTHON] || 'python3'
  const { stdout, error } = spawnSync(command, ['-c', 'import sys; print(*sys.version_info[:2])'], {
    encoding: 'utf8',
  })
  const [major = 0, minor = 0] = error === undefined ? stdout.trim().split(' ').map(Number) : []
  if (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]) return command
  const version = major === 0 ? 'none' : `${major}.${minor}`
  throw new Error(
    `${command} must be Python ${OLDEST_PYTHON.join('.')} or newer (found ${version}). ` +
      `Install it with pip (on Debian and Ubuntu: apt-get install python3-pip), or set ${PYTHON}.`,
  )
}

/** Resolves to the variables with which the packages can be imported. */
async function environment(
  python: string,
  packages: readonly string[],
  report: PythonOptions['report'],
): Promise<Readonly<Record<string, string>>> {
  if (spawnSync(python, ['-c', `import ${packages.join(', ')}`]).status === 0) return {}
  const wanted = packages.toSorted()
  const { stdout: version } = await run(python, ['-c', 'import sys; print(sys.version, sys.platform)'])
  const folder = await cachedFolder({
    name: `python-${shortHash(`${version} ${wanted.join()}`)}`,
    async fill(target) {
      report?.(`downloading ${wanted.join(', ')} with pip`)
      await run(python, ['-m', 'pip', 'install', '--quiet', '--target', target, ...wanted])
    },
  })
  return { PYTHONPATH: [folder, process.env['PYTHONPATH']].filter(Boolean).join(':') }
}
