import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { TlsOptions } from 'node:tls'
import { ConnectError, messageOf } from '../../api/index.ts'

/** An address that the REST API listens on. An empty host means all interfaces. */
export interface Listener {
  readonly protocol: 'http' | 'https'
  readonly host: string
  readonly port: number
}

export interface AdvertisedAddress {
  readonly url: string
  /** `host:port`, which identifies the worker in statuses. */
  readonly workerId: string
}

/** The settings that determine the advertised address. */
export interface Advertisement {
  readonly 'listeners': readonly string[]
  readonly 'rest.advertised.listener': string | null
  readonly 'rest.advertised.host.name': string | null
  readonly 'rest.advertised.port': number | null
}

const PATTERN = /^(.*):\/\/\[?([0-9a-zA-Z\-%._:]*)\]?:(-?[0-9]+)/
const MAX_PORT = 65_535
const CLOSE_TIMEOUT_MS = 5000

const MAX_CONNECTIONS = 2000
/** Idle time after which a connection is closed, in milliseconds; longer than any request may take. */
const IDLE_TIMEOUT_MS = 120_000

/** Limits on slow clients and on the size of headers. */
const serverLimits: ServerOptions = {
  headersTimeout: 20_000,
  requestTimeout: 90_000,
  keepAliveTimeout: 60_000,
  maxHeaderSize: 32 * 1024,
  connectionsCheckingInterval: 5000,
}

/** Responds with 503 until the API is available. `/health` has its regular body. */
const notYet =
  (stage: () => string): RequestListener =>
  ({ url = '' }, response) => {
    const message = `Worker is still starting up. ${stage()}`.trim()
    const isHealth = /^\/health\/?(?:\?|$)/.test(url)
    response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' })
    response.end(JSON.stringify(isHealth ? { status: 'starting', message } : { error_code: 503, message }))
  }

/** Throws `HR_CONFIG_INVALID`. Source: RestServer.createConnector. */
export function parseListener(configKey: 'listeners' | 'admin.listeners', text: string): Listener {
  const [, protocol = '', host = '', port = ''] = PATTERN.exec(text.trim()) ?? []
  const known = protocol.toLowerCase()
  if (known === 'http' || known === 'https') {
    if (Number(port) >= 0 && Number(port) <= MAX_PORT) return { protocol: known, host, port: Number(port) }
    const message = `${configKey}: found port ${port} in ${text}, expected 0 to ${MAX_PORT}`
    throw new ConnectError('HR_CONFIG_INVALID', message, { configKey })
  }
  const message =
    port === ''
      ? `Listener doesn't have the right format (protocol://hostname:port): ${text}`
      : `Listener protocol must be either "http" or "https", found ${text}`
  throw new ConnectError('HR_CONFIG_INVALID', message, { configKey })
}

/** The listeners to open, and callbacks for them. */
export interface ListenerParts {
  readonly listeners: readonly Listener[]
  readonly adminListeners: readonly Listener[]
  /** Returns the TLS options; called only for an HTTPS listener. */
  readonly tls: (admin: boolean) => Promise<TlsOptions>
  /** Returns a sentence that describes the stage of the start, or an empty string. */
  readonly stage: () => string
}

/** The HTTP servers of a worker. They listen before the API is available, so that their ports are known early. */
export class RestListeners {
  readonly #parts: ListenerParts
  readonly #servers: Server[] = []
  #main: RequestListener | undefined
  #admin: RequestListener | undefined

  constructor(parts: ListenerParts) {
    this.#parts = parts
  }

  /** Opens all listeners. Throws `HR_CONFIG_INVALID` when it cannot bind an address or read a key store. */
  async listen(): Promise<void> {
    const { listeners, adminListeners, stage } = this.#parts
    const starting = notYet(stage)
    for (const listener of listeners) {
      await this.#open(listener, false, (request, response) => (this.#main ?? starting)(request, response))
    }
    for (const listener of adminListeners) {
      await this.#open(listener, true, (request, response) => (this.#admin ?? starting)(request, response))
    }
  }

  serve({ main, admin }: { readonly main: RequestListener; readonly admin: RequestListener }): void {
    this.#main = main
    this.#admin = admin
  }

  /** Source: RestServer.advertisedUrl. */
  advertised(settings: Advertisement): AdvertisedAddress {
    const { listeners } = this.#parts
    const texts = settings.listeners.join(',').toLowerCase()
    const protocol =
      settings['rest.advertised.listener']?.toLowerCase() ??
      (!texts.includes('http://') && texts.includes('https://') ? 'https' : 'http')
    const index = Math.max(
      0,
      listeners.findIndex((listener) => listener.protocol === protocol),
    )
    const given = settings['rest.advertised.host.name']
    const bound = listeners[index]?.host ?? ''
    const host =
      [given, bound].find((name) => name !== null && name !== '' && name !== '0.0.0.0') ?? ownAddress()
    const port = settings['rest.advertised.port'] ?? this.#portOf(index)
    const shown = host.includes(':') ? `[${host}]` : host
    return { url: `${protocol}://${shown}:${port}/`, workerId: `${host}:${port}` }
  }

  async close(): Promise<void> {
    await Promise.all(
      this.#servers.map(
        (server) =>
          new Promise<void>((resolve) => {
            const late = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT_MS)
            server.close(() => {
              clearTimeout(late)
              resolve()
            })
            server.closeIdleConnections()
          }),
      ),
    )
  }

  async #open({ protocol, host, port }: Listener, admin: boolean, answer: RequestListener): Promise<void> {
    const server =
      protocol === 'https'
        ? createSecureServer({ ...serverLimits, ...(await this.#parts.tls(admin)) }, answer)
        : createServer(serverLimits, answer)
    server.maxConnections = MAX_CONNECTIONS
    server.setTimeout(IDLE_TIMEOUT_MS)
    await listening(server, host, port)
    this.#servers.push(server)
  }

  #portOf(index: number): number {
    return (
      (this.#servers[index]?.address() as AddressInfo | undefined)?.port ??
      this.#parts.listeners[index]?.port ??
      0
    )
  }
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const message = `Unable to bind to ${host === '' ? '*' : host}:${port} of listeners: ${messageOf(error)}`
      reject(new ConnectError('HR_CONFIG_INVALID', message, { configKey: 'listeners' }))
    })
    server.listen({ port, ...(host === '' ? {} : { host }) }, resolve)
  })
}

/** Returns the first external IPv4 address of the machine, or the loopback address. */
function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1'
}
