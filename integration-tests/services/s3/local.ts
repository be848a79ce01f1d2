import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { freePorts, startChild, startOnFreePorts, workFolder, type Child } from '../processes/index.ts'
import { waitFor } from '../wait-for.ts'
import { gateway } from './gateway.ts'
import {
  ACCESS_KEY_ID,
  answers,
  REGION,
  rootAccount,
  SECRET_ACCESS_KEY,
  START_TIMEOUT_MS,
  type S3Options,
  type S3Server,
} from './server.ts'

const HOST = '127.0.0.1'

/** Starts a server with the program that Go has built. */
export async function startLocally(options: S3Options): Promise<S3Server> {
  const program = await gateway(options.report)
  options.report?.('starting the S3 server')
  return startOnFreePorts(async () => {
    const [port = 0] = await freePorts(1)
    return serverOf(program, port, workFolder('s3'))
  })
}

function serverOf(program: string, port: number, folder: string): S3Server {
  const endpoint = `http://${HOST}:${port}`
  let child: Child | undefined
  return {
    endpoint,
    accessKeyId: ACCESS_KEY_ID,
    secretAccessKey: SECRET_ACCESS_KEY,
    async start() {
      const [data, accounts] = [join(folder, 'data'), join(folder, 'accounts')]
      for (const path of [data, accounts]) await mkdir(path, { recursive: true })
      const started = startChild({
        command: program,
        args: ['--port', `${HOST}:${port}`, '--region', REGION, '--iam-dir', accounts, 'posix', data],
        env: rootAccount,
        logFile: join(folder, 'server.log'),
      })
      child = started
      await untilItAnswers(started, endpoint)
    },
    stop: async () => void (await child?.stop()),
    kill: async () => void (await child?.kill()),
  }
}

async function untilItAnswers(child: Child, endpoint: string): Promise<void> {
  let hasEnded = false
  void child.ended.then(() => (hasEnded = true))
  const outcome = await waitFor(
    async () => (hasEnded ? 'ended' : (await answers(endpoint)) ? 'ready' : undefined),
    { timeoutMs: START_TIMEOUT_MS, what: () => `the S3 server to answer; its log is\n${child.log()}` },
  )
  if (outcome === 'ended') throw new Error(`the S3 server exited; its log is\n${child.log()}`)
}
