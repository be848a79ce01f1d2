import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import type { Logger } from '../../../../api/index.ts'
import type { ServerSettings } from '../settings.ts'

/** A request that a host has received. */
export interface Received {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

export interface FakeHost {
  readonly url: string
  readonly received: readonly Received[]
  /** Resolves once it has received so many requests. */
  untilReceived(count: number): Promise<void>
  close(): Promise<void>
}

export type Answer = (response: ServerResponse, request: Received) => void

/** Answers as Elasticsearch does. */
export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return (response) => {
    response.writeHead(status, {
      'content-type': 'application/json',
      'x-elastic-product': 'Elasticsearch',
      ...headers,
    })
    response.end(Buffer.isBuffer(body) ? body : JSON.stringify(body))
  }
}

/** Cuts the connection instead of answering. */
export const cut: Answer = (response) => void response.socket?.resetAndDestroy()

/** Never answers. */
export const hang: Answer = () => {}

/** Starts a host that answers requests in turn; the last answer repeats. It is closed at the end of the test. */
export async function startHost(t: TestContext, ...answers: readonly Answer[]): Promise<FakeHost> {
  const received: Received[] = []
  const waiting = new Set<() => void>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.once('end', () => {
      const { method = '', url = '', headers } = request
      const whole = { method, url, headers, body: Buffer.concat(chunks) }
      const answer = answers[Math.min(received.length, answers.length - 1)]
      received.push(whole)
      for (const check of waiting) check()
      answer?.(response, whole)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async () => {
    if (!server.listening) return
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
  t.after(close)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    untilReceived: (count) =>
      new Promise((resolve) => {
        const check = () => {
          if (received.length >= count) resolve()
        }
        waiting.add(check)
        check()
      }),
    close,
  }
}

/** The URL of a port on which nothing listens. */
export async function closedUrl(t: TestContext): Promise<string> {
  const host = await startHost(t)
  await host.close()
  return host.url
}

export function settingsFor(urls: readonly string[], changes: Partial<ServerSettings> = {}): ServerSettings {
  return {
    product: 'elasticsearch',
    urls,
    login: null,
    tls: null,
    proxy: null,
    connectTimeoutMs: 5000,
    readTimeoutMs: 10_000,
    compression: false,
    maxIdleMs: 60_000,
    ...changes,
  }
}

/** A logger that keeps its lines. */
export function linesOf(): { readonly log: Logger; readonly lines: string[] } {
  const lines: string[] = []
  const write = (level: string) => (text: string) => void lines.push(`${level} ${text}`)
  const levels = ['error', 'warn', 'info', 'debug', 'trace'].map((level) => [level, write(level)])
  return { log: Object.fromEntries(levels) as Logger, lines }
}
