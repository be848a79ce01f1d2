import { Agent as HttpAgent, type ClientRequestArgs } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Socket } from 'node:net'
import { connect, type ConnectionOptions } from 'node:tls'
import type { ProxySettings, ServerSettings } from '../settings.ts'
import { openTunnel } from './tunnel.ts'

/** Creates the agent that keeps the connections to hosts with one scheme. */
export function createAgent(
  settings: ServerSettings,
  tls: ConnectionOptions | null,
  secure: boolean,
): HttpAgent {
  const { maxIdleMs, proxy } = settings
  // a free connection is closed after `timeout`; a request on it has its own
  const options = { keepAlive: true, ...(maxIdleMs < 0 ? {} : { timeout: Math.max(1, maxIdleMs) }) }
  if (!secure) return new HttpAgent(options)
  const trusting = { ...options, ...tls }
  return proxy === null ? new HttpsAgent(trusting) : new TunnelAgent(trusting, proxy, settings)
}

/** Connects with TLS through a tunnel of the proxy. */
class TunnelAgent extends HttpsAgent {
  readonly #proxy: ProxySettings
  readonly #settings: ServerSettings

  constructor(options: object, proxy: ProxySettings, settings: ServerSettings) {
    super(options)
    this.#proxy = proxy
    this.#settings = settings
  }

  override createConnection(
    options: ClientRequestArgs,
    callback?: (error: Error | null, socket: Socket) => void,
  ): undefined {
    const host = options.host ?? ''
    const target = `${host.includes(':') ? `[${host}]` : host}:${options.port ?? 443}`
    const done = callback as (error: Error | null, socket?: Socket) => void
    openTunnel(this.#proxy, this.#settings, target).then(
      (socket) => done(null, connect({ ...options, socket } as object)),
      (error: unknown) => done(error as Error),
    )
  }
}
