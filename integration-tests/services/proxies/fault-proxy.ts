import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What happens to a request. */
export type HttpFault =
  /** The server does not get it; the proxy answers. */
  | {
      readonly kind: 'body'
      readonly status: number
      readonly body: string
      readonly headers?: Readonly<Record<string, string>>
    }
  /** The server executes it, but the connection is cut instead of an answer. */
  | { readonly kind: 'lost-answer' }
  /** The connection is cut after this many bytes of the body of the answer. */
  | { readonly kind: 'cut-answer'; readonly after: number }
  /** There is no answer, and the server does not get it. */
  | { readonly kind: 'hang' }
  /** It is passed on once the promise has resolved. */
  | { readonly kind: 'hold'; readonly until: () => Promise<unknown> }

/** Passes requests on to an HTTP server, and answers chosen ones otherwise. */
export interface FaultProxy<R extends ProxiedRequest = ProxiedRequest, F = HttpFault> {
  readonly endpoint: string
  /** All requests so far. */
  readonly requests: readonly R[]
  /** The next `times` requests of an operation have this fault, after those of earlier calls. */
  fail(operation: string, fault: F, times?: number): void
  /** Removes all faults. */
  heal(): void
  /** Resolves once an operation has been requested `count` times in all. */
  untilRequested(operation: string, count?: number): Promise<void>
  /** Returns how many requests of an operation were open at the same time, at most. */
  peakOf(operation: string): number
  close(): Promise<void>
}

export interface ProxiedRequest {
  /** What rules and tests call it. */
  readonly operation: string
}

interface Rule {
  readonly operation: string
  readonly fault: HttpFault
  times: number
}

/** How many requests of an operation are open. */
interface Concurrency {
  now: number
  most: number
}

/** `describe` tells which operation a request is. */
export async function startFaultProxy<R extends ProxiedRequest>(
  endpoint: string,
  describe: (incoming: IncomingMessage) => R,
): Promise<FaultProxy<R>> {
  const target = new URL(endpoint)
  const requests: R[] = []
  const rules: Rule[] = []
  const waiting = new Set<() => void>()
  const concurrency = new Map<string, Concurrency>()
  const server = createServer((incoming, outgoing) => {
    const about = describe(incoming)
    requests.push(about)
    count(concurrency, about.operation, outgoing)
    const rule = rules.find(({ operation, times }) => operation === about.operation && times > 0)
    if (rule !== undefined) rule.times--
    incoming.on('error', () => {})
    outgoing.on('error', () => {})
    void answer(target, incoming, outgoing, rule?.fault)
    for (const check of waiting) check()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    fail: (operation, fault, times = 1) => void rules.push({ operation, fault, times }),
    heal: () => void rules.splice(0),
    untilRequested: (operation, times = 1) =>
      new Promise((resolve) => {
        const check = () => {
          if (requests.filter((made) => made.operation === operation).length < times) return
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      }),
    peakOf: (operation) => concurrency.get(operation)?.most ?? 0,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function count(concurrency: Map<string, Concurrency>, operation: string, outgoing: ServerResponse): void {
  const open = concurrency.get(operation) ?? { now: 0, most: 0 }
  concurrency.set(operation, open)
  open.most = Math.max(open.most, ++open.now)
  outgoing.once('close', () => open.now--)
}

async function answer(
  target: URL,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  fault: HttpFault | undefined,
): Promise<void> {
  if (fault?.kind === 'hang') return
  if (fault?.kind === 'body') {
    await discard(incoming)
    outgoing.writeHead(fault.status, fault.headers)
    outgoing.end(incoming.method === 'HEAD' ? undefined : fault.body)
    return
  }
  if (fault?.kind === 'hold') await fault.until()
  forward(target, incoming, outgoing, fault)
}

/** The headers stay as they are, also Host, which a signature may contain. */
function forward(
  target: URL,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  fault: HttpFault | undefined,
): void {
  const { method, url, headers } = incoming
  const { expect: _, ...passed } = headers
  const address = { host: target.hostname, port: target.port, agent: false } as const
  const passing = request({ ...address, method, path: url, headers: passed }, (response) => {
    if (fault?.kind === 'lost-answer') {
      response.resume()
      response.once('end', () => outgoing.destroy())
      return
    }
    outgoing.writeHead(response.statusCode ?? 500, response.headers)
    if (fault?.kind === 'cut-answer') cutAfter(fault.after, response, outgoing)
    else response.pipe(outgoing)
  })
  passing.on('error', () => outgoing.destroy())
  outgoing.on('close', () => passing.destroy())
  incoming.pipe(passing)
}

function cutAfter(limit: number, response: IncomingMessage, outgoing: ServerResponse): void {
  let passed = 0
  response.on('error', () => {})
  response.on('data', (chunk: Buffer) => {
    if (outgoing.destroyed) return
    const slice = chunk.subarray(0, limit - passed)
    passed += slice.length
    if (passed < limit) outgoing.write(slice)
    else if (limit === 0) outgoing.destroy()
    else outgoing.write(slice, () => outgoing.destroy())
  })
}

async function discard(incoming: IncomingMessage): Promise<void> {
  incoming.resume()
  if (!incoming.complete) await once(incoming, 'end').catch(() => {})
}
