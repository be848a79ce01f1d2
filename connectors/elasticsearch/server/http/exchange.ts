import { request as httpRequest, type Agent, type ClientRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isConnectError, messageOf } from '../../../../api/index.ts'
import type { ServerSettings } from '../settings.ts'
import { HttpFailure, type Exchange, type HttpRequest, type HttpResponse } from './message.ts'
import { proxyHeaders, proxyRefusal } from './proxy.ts'

/** Larger responses are refused: nothing that a connector asks for is that long. */
const MAX_RESPONSE_BYTES = 128 * 1024 * 1024

/** What the exchanges of all hosts have in common. */
export interface Connections {
  readonly settings: ServerSettings
  /** The agents for hosts with https and with http. */
  readonly agents: { readonly https: Agent; readonly http: Agent }
  /** Headers of all requests to hosts. */
  readonly headers: Readonly<Record<string, string>>
  /** The requests without a complete response. */
  readonly running: Set<ClientRequest>
}

/** Returns a function that sends requests to the host with this URL. */
export function exchangeWith(url: URL, connections: Connections): Exchange {
  return (request, signal) =>
    new Promise<HttpResponse>((resolve, reject) => {
      signal.throwIfAborted()
      const outgoing = prepare(url, request, connections)
      const sent = watchConnection(outgoing, url, connections.settings)
      const abort = (): void => void outgoing.destroy(abortion(sent()))
      const end = (): void => {
        connections.running.delete(outgoing)
        signal.removeEventListener('abort', abort)
      }
      signal.addEventListener('abort', abort, { once: true })
      connections.running.add(outgoing)
      const fail = (error: unknown): void => {
        end()
        reject(failureOf(error, sent()))
      }
      outgoing.on('error', fail) // stays: an error may follow the first one, or the response
      outgoing.once('response', (incoming) =>
        receive(incoming, (error, body) => {
          if (body === undefined) return fail(error)
          end()
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body })
        }),
      )
      outgoing.setNoDelay(true)
      outgoing.end(request.body)
    }).then((response) => acceptedByProxy(url, connections.settings, response))
}

/** A request for an http address goes to the proxy with the whole URL as its path (RFC 9112, 3.2.2). */
function prepare(url: URL, request: HttpRequest, { settings, agents, headers }: Connections): ClientRequest {
  const path = url.pathname.replace(/\/+$/, '') + request.path
  const { proxy, readTimeoutMs } = settings
  const options = { method: request.method, timeout: readTimeoutMs }
  const all = { ...headers, ...request.headers }
  const [host, port] = [url.hostname.replace(/^\[(.*)\]$/, '$1'), url.port]
  if (url.protocol === 'https:')
    return httpsRequest({ ...options, host, port, path, headers: all, agent: agents.https })
  if (proxy === null) return httpRequest({ ...options, host, port, path, headers: all, agent: agents.http })
  return httpRequest({
    ...options,
    host: proxy.host,
    port: proxy.port,
    path: url.origin + path,
    headers: { ...all, host: url.host, ...proxyHeaders(proxy) },
    agent: agents.http,
  })
}

/** Ends the request when its limits are reached. Returns a function that tells whether the host may have received it. */
function watchConnection(
  outgoing: ClientRequest,
  url: URL,
  { connectTimeoutMs, readTimeoutMs }: ServerSettings,
): () => boolean {
  let connected = false
  outgoing.once('timeout', () => {
    const text = `no response within ${readTimeoutMs} ms (read.timeout.ms)`
    outgoing.destroy(new HttpFailure(text, { sent: connected, code: 'ETIMEDOUT' }))
  })
  outgoing.once('socket', (socket) => {
    if (outgoing.reusedSocket) {
      connected = true
      return
    }
    socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => (connected = true))
    if (!socket.connecting || connectTimeoutMs === 0) return
    const timer = setTimeout(() => {
      const text = `no connection within ${connectTimeoutMs} ms (connection.timeout.ms)`
      outgoing.destroy(new HttpFailure(text, { sent: false, code: 'ETIMEDOUT' }))
    }, connectTimeoutMs)
    for (const event of ['connect', 'close']) socket.once(event, () => clearTimeout(timer))
  })
  return () => connected
}

function receive(incoming: IncomingMessage, done: (error: unknown, body?: Buffer) => void): void {
  const chunks: Buffer[] = []
  let bytes = 0
  incoming.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= MAX_RESPONSE_BYTES) return void chunks.push(chunk)
    const text = `the response is larger than ${MAX_RESPONSE_BYTES} bytes`
    incoming.destroy(new HttpFailure(text, { sent: true, code: 'ERR_RESPONSE_TOO_LARGE' }))
  })
  incoming.once('end', () => done(undefined, Buffer.concat(chunks)))
  incoming.on('error', (error) => done(error))
}

const abortion = (sent: boolean): HttpFailure => new HttpFailure('aborted', { sent, code: 'ABORT_ERR' })

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
