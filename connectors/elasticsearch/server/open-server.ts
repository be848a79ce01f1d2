import { setMaxListeners } from 'node:events'
import type { Agent, ClientRequest } from 'node:http'
import { ConnectError, isConnectError, type Logger } from '../../../api/index.ts'
import { clientTls } from '../../../java/index.ts'
import type { SearchServer, ServerRequest, ServerResponse } from '../ports.ts'
import { elasticsearchClient, loadClient } from './clients/elasticsearch.ts'
import type { HostClient } from './clients/host-client.ts'
import { opensearchClient } from './clients/opensearch.ts'
import { combined, explain, type HostFailure } from './failures.ts'
import { Hosts, type Host } from './hosts.ts'
import { createAgent } from './http/agents.ts'
import { authorizeWith } from './http/authorization.ts'
import { exchangeWith, type Connections } from './http/exchange.ts'
import { isRead } from './http/message.ts'
import { wordings } from '../wording.ts'
import type { ServerSettings } from './settings.ts'

/** Answers of a proxy, or of a node that has left its cluster: another host may do better. */
const AWAY = new Set([502, 503, 504])

/**
 * Connects to a cluster. Nothing is sent, and neither key stores nor the client are loaded, before the first request.
 *
 * A request goes to the next host if no connection to one can be made. If a connection is lost later, only a request that
 * reads goes to the next host: the server may have executed the others, so their caller must know about it.
 *
 * Redirects are not followed: the login is only for the servers that the settings name.
 *
 * Besides the errors of {@link SearchServer}, the first request rejects with `HR_CONFIG_INVALID` if a key store cannot be read.
 */
export function openServer(settings: ServerSettings, log: Logger): SearchServer {
  return new ClusterServer(settings, log)
}

class ClusterServer implements SearchServer {
  readonly #settings: ServerSettings
  readonly #log: Logger
  readonly #running = new Set<ClientRequest>()
  #opening: Promise<Opened> | undefined
  #closed = false

  constructor(settings: ServerSettings, log: Logger) {
    this.#settings = settings
    this.#log = log
  }

  async request(request: ServerRequest, signal: AbortSignal): Promise<ServerResponse> {
    setMaxListeners(0, signal) // all requests of a task listen to the same one
    const { hosts } = await this.#open()
    const failures: HostFailure[] = []
    for (const host of hosts.inOrder()) {
      signal.throwIfAborted()
      if (this.#closed) throw closedError()
      try {
        const response = await host.client(request, signal)
        if (response.status >= 300 && response.status < 400) throw redirected(host.url, response)
        this.#note(hosts, host, AWAY.has(response.status) ? `it answered ${response.status}` : undefined)
        return response
      } catch (error) {
        signal.throwIfAborted()
        if (this.#closed) throw closedError()
        if (isConnectError(error) && !error.retriable) throw error
        const failure = explain(host.url, error, wordings[this.#settings.product])
        failures.push(failure)
        this.#note(hosts, host, failure.error.message)
        if (failure.sent && !isRead(request)) break
      }
    }
    throw combined(failures)
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const outgoing of this.#running) outgoing.destroy(new Error('closed'))
    const opened = await this.#opening?.catch(() => undefined)
    for (const agent of opened?.agents ?? []) agent.destroy()
  }

  /** Opens again after an error, for example of a key store that was not there yet. */
  #open(): Promise<Opened> {
    if (this.#closed) return Promise.reject(closedError())
    this.#opening ??= open(this.#settings, this.#running).catch((error: unknown) => {
      this.#opening = undefined
      throw error
    })
    return this.#opening
  }

  #note(hosts: Hosts<HostClient>, host: Host<HostClient>, problem: string | undefined): void {
    const changed = problem === undefined ? hosts.responded(host) : hosts.failed(host)
    if (!changed || hosts.size === 1) return // the caller reports what becomes of its requests
    if (problem === undefined) this.#log.info(`The server at ${host.url} responds again.`)
    else this.#log.warn(`The server at ${host.url} is avoided for a while: ${problem}`)
  }
}

interface Opened {
  readonly hosts: Hosts<HostClient>
  readonly agents: readonly Agent[]
}

async function open(settings: ServerSettings, running: Set<ClientRequest>): Promise<Opened> {
  const { product, compression, login } = settings
  const tls = settings.tls === null ? null : await clientTls(settings.tls, wordings[product].tlsPrefix)
  const agents = { https: createAgent(settings, tls, true), http: createAgent(settings, tls, false) }
  const connections: Connections = { settings, agents, authorize: authorizeWith(login), running }
  const elastic = product === 'elasticsearch' ? await loadClient() : undefined
  const hosts = settings.urls.map((text) => {
    const url = new URL(text)
    const shown = url.origin + url.pathname.replace(/\/+$/, '') // without a login
    const exchange = exchangeWith(url, connections)
    const client =
      elastic === undefined
        ? opensearchClient(exchange, compression)
        : elasticsearchClient(elastic, shown, exchange, compression)
    return { url: shown, client }
  })
  return { hosts: new Hosts(hosts), agents: [agents.https, agents.http] }
}

function redirected(url: string, { status }: ServerResponse): ConnectError {
  const text = `The server at ${url} redirects to another address (${status}). Set connection.url to that of the server itself.`
  return new ConnectError('HR_CONNECT', text)
}

const closedError = (): ConnectError =>
  new ConnectError('HR_ILLEGAL_STATE', 'The connections to the server are closed.')
