import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { cachedFolder, isCached, runToEnd, workFolder } from '../processes/index.ts'
import { VERSION } from './server.ts'

const PACKAGE = `github.com/versity/versitygw/cmd/versitygw@${VERSION}`
const CACHED = `versitygw-${VERSION}`

/** The instruction to print if Go is missing. */
export const installGo = 'install Go (on Debian and Ubuntu: apt-get install golang-go)'

/** Whether the server can be built, or has been before. */
export async function hasGateway(): Promise<boolean> {
  return (await isCached(CACHED)) || spawnSync('go', ['version']).error === undefined
}

/** Resolves to the program of the server, which Go builds once to the user's cache. */
export async function gateway(report?: (text: string) => void): Promise<string> {
  const folder = await cachedFolder({
    name: CACHED,
    async fill(bin) {
      report?.('building the Versity S3 Gateway with Go (three minutes, once)')
      await runToEnd({
        command: 'go',
        args: ['install', '-trimpath', '-ldflags=-s -w', PACKAGE],
        env: { GOBIN: bin, CGO_ENABLED: '0' },
        logFile: join(workFolder('gateway'), 'log'),
      })
    },
  })
  return join(folder, 'versitygw')
}
