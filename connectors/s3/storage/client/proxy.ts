import { request as httpRequest } from 'node:http'
import { Agent, request as httpsRequest } from 'node:https'
import type { Socket } from 'node:net'
import { connect } from 'node:tls'
import { ConnectError } from '../../../../api/index.ts'
import type { ProxySettings } from '../settings.ts'

const CONNECT_TIMEOUT_MS = 10_000

/** An HTTP proxy. */
export interface HttpProxy {
  readonly protocol: 'http:' | 'https:'
  readonly hostname: string
  readonly port: number
  /** Value of the header Proxy-Authorization; undefined without a user. */
  readonly authorization: string | undefined
}

/**
 * Reads the settings; a user in the URL counts if none is set. Throws `HR_CONFIG_INVALID` for a URL that is not one of an HTTP
 * proxy.
 */
export function httpProxy({ url, user, password }: ProxySettings): HttpProxy {
  const text = url.includes('://') ? url : `http://${url}`
  const parsed = URL.canParse(text) ? new URL(text) : undefined
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol) || parsed.hostname === '') {
    throw new ConnectError(
      'HR_CONFIG_INVALID',
      's3.proxy.url is not a URL such as http://proxy.example.com:3128.',
      {
        configKey: 's3.proxy.url',
      },
    )
  }
  const secure = parsed.protocol === 'https:'
  const [name, secret] =
    user === null || user === ''
      ? [decodeURIComponent(parsed.username), decodeURIComponent(parsed.password)]
      : [user, password?.reveal() ?? '']
  const login = name === '' ? undefined : `${name}:${secret}`
  return {
    protocol: secure ? 'https:' : 'http:',
    hostname: parsed.hostname,
    port: parsed.port === '' ? (secure ? 443 : 80) : Number(parsed.port),
    authorization: login === undefined ? undefined : `Basic ${Buffer.from(login).toString('base64')}`,
  }
}

/** Connects to servers with TLS through a tunnel of the proxy (the method CONNECT). */
export class TunnelAgent extends Agent {
  readonly #proxy: HttpProxy

  constructor(proxy: HttpProxy, maxSockets: number) {
    super({ keepAlive: true, maxSockets })
    this.#proxy = proxy
  }

  override createConnection(
    options: { readonly host?: string; readonly port?: number | string; readonly servername?: string },
    callback?: (error: Error | null, socket: Socket) => void,
  ): undefined {
    const target = `${options.host ?? ''}:${options.port ?? 443}`
    const done = callback as (error: Error | null, socket?: Socket) => void
    tunnel(this.#proxy, target).then(
      (socket) => done(null, connect({ ...options, host: undefined, port: undefined, socket } as object)),
      (error: unknown) => done(error as Error),
    )
  }
}

/** Resolves to a connection to `target` (host:port) through the proxy. */
function tunnel(proxy: HttpProxy, target: string): Promise<Socket> {
  const { protocol, hostname, port, authorization } = proxy
  const headers = authorization === undefined ? {} : { 'proxy-authorization': authorization }
  const options = { method: 'CONNECT', hostname, port, path: target, headers: { host: target, ...headers } }
  const request = (protocol === 'https:' ? httpsRequest : httpRequest)({ ...options, agent: false })
  return new Promise((resolve, reject) => {
    request.setTimeout(CONNECT_TIMEOUT_MS, () => request.destroy(new Error('the proxy does not respond')))
    request.once('error', (error) =>
      reject(new ConnectError('HR_RETRIABLE', reasonFor(proxy, error.message))),
    )
    request.once('connect', ({ statusCode = 0 }, socket) => {
      if (statusCode === 200) return resolve(socket)
      socket.destroy()
      reject(refusal(proxy, statusCode))
    })
    request.once('response', (response) => {
      response.destroy()
      reject(refusal(proxy, response.statusCode ?? 0))
    })
    request.end()
  })
}

function refusal(proxy: HttpProxy, status: number): ConnectError {
  if (status === 407) {
    const text = 'it wants a login (407). Check s3.proxy.user and s3.proxy.password'
    return new ConnectError('HR_CONNECT', reasonFor(proxy, text))
  }
  return new ConnectError(
    status >= 500 ? 'HR_RETRIABLE' : 'HR_CONNECT',
    reasonFor(proxy, `it answered ${status}`),
  )
}

const reasonFor = ({ hostname, port }: HttpProxy, text: string): string =>
  `Cannot connect through the proxy ${hostname}:${port}: ${text}.`
