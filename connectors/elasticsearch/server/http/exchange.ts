import { request as httpRequest, type Agent, type ClientRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isConnectError, messageOf } from '../../../../api/index.ts'
import type { ServerSettings } from '../settings.ts'
import type { Authorize } from './authorization.ts'
import {
  HttpFailure,
  isRead,
  RESPONSE_TOO_LARGE,
  type Exchange,
  type HttpRequest,
  type HttpResponse,
} from './message.ts'
import { proxyAway, proxyHeaders, proxyRefusal } from './proxy.ts'

/** Larger responses are refused: nothing that a connector asks for is that long. */
const MAX_RESPONSE_BYTES = 128 * 1024 * 1024

/** What the exchanges of all hosts have in common. */
export interface Connections {
  readonly settings: ServerSettings
  /** The agents for hosts with https and with http. */
  readonly agents: { readonly https: Agent; readonly http: Agent }
  readonly authorize: Authorize
  /** The requests without a complete response. */
  readonly running: Set<ClientRequest>
}

/**
 * Returns a function that sends requests to the host with this URL. A request that reads is sent again if the host has closed
 * a connection that was kept, for example because it was restarted.
 */
export function exchangeWith(url: URL, connections: Connections): Exchange {
  return async (request, signal) => {
    for (;;) {
      signal.throwIfAborted()
      const outgoing = prepare(url, request, connections)
      try {
        return await attempt(outgoing, url, { request, connections, signal })
      } catch (error) {
        const wasClosed = outgoing.reusedSocket && error instanceof HttpFailure && CLOSED.has(error.code)
        if (!wasClosed || !isRead(request)) throw error
      }
    }
  }
}

const CLOSED = new Set(['ECONNRESET', 'EPIPE'])

async function attempt(
  outgoing: ClientRequest,
  url: URL,
  about: { readonly request: HttpRequest; readonly connections: Connections; readonly signal: AbortSignal },
): Promise<HttpResponse> {
  const { request, signal } = about
  const { settings, running } = about.connections
  const limits = limit(outgoing, url, settings)
  const abort = (): void => limits.end('aborted', 'ABORT_ERR')
  signal.addEventListener('abort', abort, { once: true })
  running.add(outgoing)
  try {
    return acceptedByProxy(url, settings, await send(outgoing, request.body))
  } catch (error) {
    const failure = limits.ended() ?? failureOf(error, limits.sent())
    const { proxy } = settings
    const atProxy = proxy !== null && url.protocol === 'http:' && !limits.sent() && !signal.aborted
    throw atProxy ? proxyAway(proxy, failure) : failure
  } finally {
    running.delete(outgoing)
    signal.removeEventListener('abort', abort)
  }
}

/** A request for an http address goes to the proxy with the whole URL as its path (RFC 9112, 3.2.2). */
function prepare(
  url: URL,
  request: HttpRequest,
  { settings, agents, authorize }: Connections,
): ClientRequest {
  const path = url.pathname.replace(/\/+$/, '') + request.path
  const { proxy, readTimeoutMs } = settings
  const options = { method: request.method, timeout: readTimeoutMs }
  const headers = { ...request.headers, ...authorize({ ...request, path, host: url.host }) }
  const [host, port] = [url.hostname.replace(/^\[(.*)\]$/, '$1'), url.port]
  if (url.protocol === 'https:')
    return httpsRequest({ ...options, host, port, path, headers, agent: agents.https })
  if (proxy === null) return httpRequest({ ...options, host, port, path, headers, agent: agents.http })
  return httpRequest({
    ...options,
    host: proxy.host,
    port: proxy.port,
    path: url.origin + path,
    headers: { ...headers, host: url.host, ...proxyHeaders(proxy) },
    agent: agents.http,
  })
}

/** What limits a request. */
interface Limits {
  /** Whether the host may have received the request. */
  sent(): boolean
  end(text: string, code: string): void
  /** Why the request was ended; undefined if it was not. */
  ended(): HttpFailure | undefined
}

/** Ends the request when the time for its connection or its response is over. */
function limit(
  outgoing: ClientRequest,
  url: URL,
  { connectTimeoutMs, readTimeoutMs }: ServerSettings,
): Limits {
  let sent = false
  let failure: HttpFailure | undefined
  const end = (text: string, code: string): void => {
    failure ??= new HttpFailure(text, { sent, code })
    outgoing.destroy(failure)
  }
  outgoing.once('timeout', () => end(`no response within ${readTimeoutMs} ms (read.timeout.ms)`, 'ETIMEDOUT'))
  outgoing.once('socket', (socket) => {
    if (outgoing.reusedSocket) {
      sent = true
      return
    }
    socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => (sent = true))
    if (!socket.connecting || connectTimeoutMs === 0) return
    const late = (): void =>
      end(`no connection within ${connectTimeoutMs} ms (connection.timeout.ms)`, 'ETIMEDOUT')
    const timer = setTimeout(late, connectTimeoutMs)
    for (const event of ['connect', 'close']) socket.once(event, () => clearTimeout(timer))
  })
  return { sent: () => sent, end, ended: () => failure }
}

function send(outgoing: ClientRequest, body: string | Buffer | undefined): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    outgoing.on('error', reject) // stays: an error may follow the first one, or the response
    outgoing.once('response', (incoming) =>
      receive(incoming, (error, received) => {
        if (received === undefined) return reject(error)
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: received })
      }),
    )
    outgoing.setNoDelay(true)
    outgoing.end(body)
  })
}

function receive(incoming: IncomingMessage, done: (error: Error | undefined, body?: Buffer) => void): void {
  const chunks: Buffer[] = []
  let bytes = 0
  incoming.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= MAX_RESPONSE_BYTES) return void chunks.push(chunk)
    const text = `the response is larger than ${MAX_RESPONSE_BYTES} bytes`
    incoming.destroy(new HttpFailure(text, { sent: true, code: RESPONSE_TOO_LARGE }))
  })
  incoming.once('end', () => done(undefined, Buffer.concat(chunks)))
  incoming.on('error', (error) => done(error))
}

function failureOf(error: unknown, sent: boolean): Error {
  if (error instanceof HttpFailure || isConnectError(error)) return error
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error
  const code = first instanceof Error && 'code' in first ? String(first.code) : ''
  return new HttpFailure(messageOf(first) || code, { sent, code, cause: first })
}

/** A proxy that wants a login answers for the host. */
function acceptedByProxy(url: URL, { proxy }: ServerSettings, response: HttpResponse): HttpResponse {
  if (response.status === 407 && proxy !== null && url.protocol === 'http:') throw proxyRefusal(proxy, 407)
  return response
}
