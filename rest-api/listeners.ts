import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { ConnectError, messageOf } from '../api/index.ts'

/** Where the REST API listens. An empty host stands for all interfaces. */
export interface Listener {
  readonly protocol: 'http' | 'https'
  readonly host: string
  readonly port: number
}

export interface AdvertisedAddress {
  readonly url: string
  /** host:port: the worker's name in states. */
  readonly workerId: string
}

/** How the worker's settings want it to be known. */
export interface Advertisement {
  readonly 'listeners': readonly string[]
  readonly 'rest.advertised.listener': string | null
  readonly 'rest.advertised.host.name': string | null
  readonly 'rest.advertised.port': number | null
}

const PATTERN = /^(.*):\/\/\[?([0-9a-zA-Z\-%._:]*)\]?:(-?[0-9]+)/
const CLOSE_TIMEOUT_MS = 5000

/** Throws `HR_CONFIG_INVALID`. Source: RestServer.createConnector. */
export function parseListener(text: string): Listener {
  const [, protocol = '', host = '', port = ''] = PATTERN.exec(text.trim()) ?? []
  const known = protocol.toLowerCase()
  if (known === 'http') return { protocol: known, host, port: Number(port) }
  if (known === 'https') {
    const message = `listeners has ${text}: HTTPS is not offered yet; let a proxy in front of the worker speak it`
    throw new ConnectError('HR_CONFIG_INVALID', message, { configKey: 'listeners' })
  }
  const message =
    port === ''
      ? `Listener doesn't have the right format (protocol://hostname:port): ${text}`
      : `Listener protocol must be either "http" or "https", found ${text}`
  throw new ConnectError('HR_CONFIG_INVALID', message, { configKey: 'listeners' })
}

/** The HTTP servers of a worker. They listen before there is anything to answer, so that their ports are known. */
export class RestListeners {
  readonly #listeners: readonly Listener[]
  readonly #servers: Server[] = []
  #answer: RequestListener | undefined

  constructor(listeners: readonly Listener[]) {
    this.#listeners = listeners
  }

  /** Throws `HR_CONFIG_INVALID` when an address cannot be listened on. */
  async listen(): Promise<void> {
    for (const { host, port } of this.#listeners) {
      const server = createServer((request, response) => {
        if (this.#answer !== undefined) return this.#answer(request, response)
        response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' })
        response.end(JSON.stringify({ error_code: 503, message: 'Worker is still starting up.' }))
      })
      await listening(server, host, port)
      this.#servers.push(server)
    }
  }

  serve(answer: RequestListener): void {
    this.#answer = answer
  }

  /** Source: RestServer.advertisedUrl (spec/rest-api 1.15). */
  advertised(settings: Advertisement): AdvertisedAddress {
    const texts = settings.listeners.join(',')
    const protocol =
      settings['rest.advertised.listener']?.toLowerCase() ?? (texts.includes('http://') ? 'http' : 'https')
    const index = Math.max(
      0,
      this.#listeners.findIndex((listener) => listener.protocol === protocol),
    )
    const given = settings['rest.advertised.host.name']
    const bound = this.#listeners[index]?.host ?? ''
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

  #portOf(index: number): number {
    return (
      (this.#servers[index]?.address() as AddressInfo | undefined)?.port ?? this.#listeners[index]?.port ?? 0
    )
  }
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const message = `Unable to bind to ${host === '' ? '*' : host}:${port}, which listeners names: ${messageOf(error)}`
      reject(new ConnectError('HR_CONFIG_INVALID', message, { configKey: 'listeners' }))
    })
    server.listen({ port, ...(host === '' ? {} : { host }) }, resolve)
  })
}

/** An address that other machines may reach, where no setting names one. */
function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1'
}
