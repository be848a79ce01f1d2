import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { s3Request, type S3Request } from './s3-operation.ts'

/** What happens to a request. */
export type S3Fault =
  /** The server does not get it; the proxy answers with an error document. */
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly code: string
      readonly message?: string
      readonly headers?: Readonly<Record<string, string>>
    }
  /** The proxy answers with this body. */
  | { readonly kind: 'body'; readonly status: number; readonly body: string }
  /** The server executes it, but the connection is cut instead of an answer. */
  | { readonly kind: 'lost-answer' }
  /** The connection is cut after this many bytes of the body of the answer. */
  | { readonly kind: 'cut-answer'; readonly after: number }
  /** There is no answer, and the server does not get it. */
  | { readonly kind: 'hang' }
  /** It is passed on once the promise has resolved. */
  | { readonly kind: 'hold'; readonly until: Promise<unknown> }

/** Passes requests on to an S3 server, and answers chosen ones otherwise. */
export interface S3Proxy {
  readonly endpoint: string
  /** All requests so far. */
  readonly requests: readonly S3Request[]
  /** The next `times` requests of an operation have this fault, after those of earlier calls. */
  fail(operation: string, fault: S3Fault, times?: number): void
  /** Removes all faults. */
  heal(): void
  /** Resolves once an operation has been requested `count` times in all. */
  untilRequested(operation: string, count?: number): Promise<void>
  close(): Promise<void>
}

interface Rule {
  readonly operation: string
  readonly fault: S3Fault
  times: number
}

export async function startS3Proxy(endpoint: string): Promise<S3Proxy> {
  const target = new URL(endpoint)
  const requests: S3Request[] = []
  const rules: Rule[] = []
  const waiting = new Set<() => void>()
  const server = createServer((incoming, outgoing) => {
    const about = s3Request(incoming)
    requests.push(about)
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
    untilRequested: (operation, count = 1) =>
      new Promise((resolve) => {
        const check = () => {
          if (requests.filter((made) => made.operation === operation).length < count) return
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      }),
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function answer(
  target: URL,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  fault: S3Fault | undefined,
): Promise<void> {
  if (fault?.kind === 'hang') return
  if (fault?.kind === 'answer' || fault?.kind === 'body') {
    await discard(incoming)
    const headers = fault.kind === 'answer' ? fault.headers : {}
    outgoing.writeHead(fault.status, { 'content-type': 'application/xml', ...headers })
    outgoing.end(incoming.method === 'HEAD' ? undefined : bodyOf(fault))
    return
  }
  if (fault?.kind === 'hold') await fault.until
  forward(target, incoming, outgoing, fault)
}

const bodyOf = (fault: Extract<S3Fault, { readonly kind: 'answer' | 'body' }>): string =>
  fault.kind === 'body'
    ? fault.body
    : '<?xml version="1.0" encoding="UTF-8"?>\n' +
      `<Error><Code>${fault.code}</Code><Message>${fault.message ?? 'A fault of the test.'}</Message>` +
      '<RequestId>1</RequestId></Error>'

/** The headers stay as they are, also Host, which the signature contains. */
function forward(
  target: URL,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  fault: S3Fault | undefined,
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
