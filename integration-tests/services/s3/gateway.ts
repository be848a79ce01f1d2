import { spawnSync } from 'node:child_process'
import { chmod, copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { runToEnd, workFolder } from '../processes/index.ts'
import { VERSION } from './server.ts'

const PACKAGE = `github.com/versity/versitygw/cmd/versitygw@${VERSION}`
const EXECUTABLE = 0o755

/** The instruction to print if Go is missing. */
export const installGo = 'install Go (on Debian and Ubuntu: apt-get install golang-go)'

/** Whether the server can be built, or has been before. */
export async function hasGateway(): Promise<boolean> {
  return (await exists(place())) || spawnSync('go', ['version']).error === undefined
}

/** Resolves to the program of the server, which Go builds once to the user's cache. */
export async function gateway(report?: (text: string) => void): Promise<string> {
  if (await exists(place())) return place()
  report?.('building the Versity S3 Gateway with Go (three minutes, once)')
  const folder = workFolder('gateway')
  const bin = join(folder, 'bin')
  await runToEnd({
    command: 'go',
    args: ['install', '-trimpath', '-ldflags=-s -w', PACKAGE],
    env: { GOBIN: bin, CGO_ENABLED: '0' },
    logFile: join(folder, 'log'),
  })
  const [program = ''] = await readdir(bin)
  await putInPlace(join(bin, program))
  return place()
}

function place(): string {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache')
  return join(cache, 'headrace', `versitygw-${VERSION}`, 'versitygw')
}

/** Copies the program atomically. Another process may do the same concurrently. */
async function putInPlace(program: string): Promise<void> {
  const unfinished = `${place()}.${process.pid}`
  try {
    await mkdir(dirname(place()), { recursive: true })
    await copyFile(program, unfinished)
    await chmod(unfinished, EXECUTABLE)
    await rename(unfinished, place())
  } finally {
    await rm(unfinished, { force: true })
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
