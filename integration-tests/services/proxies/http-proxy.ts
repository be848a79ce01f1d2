import { once } from 'node:events'
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'

/** An HTTP proxy that wants a login. */
export interface HttpProxy {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  /** What was asked for: URLs, and `host:port` of tunnels. */
  readonly targets: readonly string[]
  close(): Promise<void>
}

const HOST = '127.0.0.1'
const user = 'proxy-user'
const password = 'proxy-password'
const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
const LOGIN_REQUIRED = 407

/** Starts a proxy that passes requests on, and opens tunnels. */
export async function startHttpProxy(): Promise<HttpProxy> {
  const targets: string[] = []
  const tunnels = new Set<Socket>()
  const proxy = createServer((incoming, outgoing) => {
    targets.push(incoming.url ?? '')
    if (incoming.headers['proxy-authorization'] === authorization) pass(incoming, outgoing)
    else outgoing.writeHead(LOGIN_REQUIRED).end()
  })
  proxy.on('connect', (incoming: IncomingMessage, client: Socket) => {
    targets.push(incoming.url ?? '')
    client.on('error', () => {})
    if (incoming.headers['proxy-authorization'] !== authorization) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
      return
    }
    const { hostname, port } = new URL(`http://${incoming.url}`)
    const server = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      server.pipe(client).pipe(server)
    })
    for (const socket of [client, server]) {
      tunnels.add(socket)
      socket.on('close', () => tunnels.delete(socket))
    }
    server.on('error', () => client.destroy())
  })
  proxy.listen(0, HOST)
  await once(proxy, 'listening')
  return {
    host: HOST,
    port: (proxy.address() as AddressInfo).port,
    user,
    password,
    targets,
    async close() {
      for (const socket of tunnels) socket.destroy()
      proxy.close()
      proxy.closeAllConnections()
      await once(proxy, 'close')
    },
  }
}

function pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, url = '' } = incoming
  const { 'proxy-authorization': _, ...headers } = incoming.headers
  const passing = httpRequest(url, { method, headers, agent: false }, (response) => {
    outgoing.writeHead(response.statusCode ?? 500, response.headers)
    response.pipe(outgoing)
  })
  passing.on('error', () => outgoing.destroy())
  incoming.pipe(passing)
}
