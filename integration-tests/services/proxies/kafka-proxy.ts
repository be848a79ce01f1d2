import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** Stands between one worker and all brokers: clients that use its addresses stay behind it. */
export interface KafkaProxy {
  readonly bootstrapServers: string
  /** Number of open connections. */
  readonly connections: number
  /** Resets connections, and new ones at once, until {@link KafkaProxy.heal}. */
  cut(which?: Which): void
  /**
   * Passes nothing more on, in either direction, until {@link KafkaProxy.heal}; all connections stay open. Then
   * everything arrives, unless its connection has been reset: as if the systems had kept it for a link that was down.
   */
  freeze(which?: Which): void
  heal(): void
  close(): Promise<void>
}

/** Chooses connections by the id of their client; all by default. */
export type Which = (clientId: string) => boolean

interface Link {
  readonly client: Socket
  readonly server: Socket
  /** Undefined before the first request. */
  clientId: string | undefined
  frozen: boolean
  /** What waits for the end of a freeze. */
  held: (() => void)[]
}

const HOST = '127.0.0.1'
const LENGTH_BYTES = 4
/** Offset of the length of the client id in a request: length, API key, version and correlation id. */
const CLIENT_ID_AT = 12

/** `bootstrapServers` are the addresses of all brokers, as they advertise them. */
export async function startKafkaProxy(bootstrapServers: string): Promise<KafkaProxy> {
  const brokers = bootstrapServers.split(',').map((address) => {
    const colon = address.lastIndexOf(':')
    return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) }
  })
  const links = new Set<Link>()
  const state: { cut: Which; frozen: Which } = { cut: () => false, frozen: () => false }
  const follow = (link: Link) => {
    if (link.clientId === undefined) return
    if (state.cut(link.clientId)) reset(link)
    link.frozen = state.frozen(link.clientId)
    if (!link.frozen) for (const pass of link.held.splice(0)) pass()
  }
  const servers = brokers.map(({ host, port }) =>
    createServer((client) => {
      const link: Link = { client, server: connect(port, host), clientId: undefined, frozen: false, held: [] }
      links.add(link)
      const pass = (what: () => void) => void (link.frozen ? link.held.push(what) : what())
      client.setNoDelay(true)
      client.on('data', (chunk) => {
        link.clientId ??= chunk.toString(
          'utf8',
          CLIENT_ID_AT + 2,
          CLIENT_ID_AT + 2 + chunk.readInt16BE(CLIENT_ID_AT),
        )
        follow(link)
        pass(() => link.server.write(chunk))
      })
      const frames = framed((frame) => pass(() => client.write(rewritten(frame))))
      link.server.on('data', frames)
      for (const [socket, other] of [
        [client, link.server],
        [link.server, client],
      ] as const) {
        socket.on('error', () => (link.held = []))
        socket.on('close', () =>
          pass(() => {
            links.delete(link)
            other.destroySoon()
          }),
        )
      }
    }),
  )
  for (const server of servers) server.listen(0, HOST).unref()
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  const addresses = brokers.map(({ host, port }, index) => ({
    from: addressBytes(host, port),
    to: addressBytes(HOST, ports[index] ?? 0),
  }))
  /** Replaces the addresses of the brokers in a response by those of the proxy, which have the same length. */
  const rewritten = (frame: Buffer): Buffer => {
    for (const { from, to } of addresses) {
      for (let at = frame.indexOf(from); at >= 0; at = frame.indexOf(from, at + to.length)) to.copy(frame, at)
    }
    return frame
  }
  const all: Which = () => true
  return {
    bootstrapServers: ports.map((port) => `${HOST}:${port}`).join(),
    get connections() {
      return links.size
    },
    cut(which = all) {
      state.cut = which
      for (const link of links) follow(link)
    },
    freeze(which = all) {
      state.frozen = which
      for (const link of links) follow(link)
    },
    heal() {
      state.cut = state.frozen = () => false
      for (const link of links) follow(link)
    },
    async close() {
      for (const link of links) reset(link)
      await Promise.all(servers.map(closed))
    },
  }
}

const reset = ({ client, server }: Link): void => {
  client.resetAndDestroy()
  server.resetAndDestroy()
}

async function closed(server: Server): Promise<void> {
  server.close()
  await once(server, 'close')
}

/** An address as responses contain it: the host with its length, then the port. */
function addressBytes(host: string, port: number): Buffer {
  const bytes = Buffer.alloc(host.length + LENGTH_BYTES)
  bytes.write(host)
  bytes.writeInt32BE(port, host.length)
  return bytes
}

/** Returns a receiver of chunks that passes complete responses on. */
function framed(pass: (frame: Buffer) => void): (chunk: Buffer) => void {
  let parts: Buffer[] = []
  let size = 0
  return (chunk) => {
    parts.push(chunk)
    size += chunk.length
    for (;;) {
      if (size < LENGTH_BYTES) return
      if ((parts[0]?.length ?? 0) < LENGTH_BYTES) parts = [Buffer.concat(parts)]
      const length = LENGTH_BYTES + (parts[0]?.readInt32BE(0) ?? 0)
      if (size < length) return
      const whole = Buffer.concat(parts)
      pass(whole.subarray(0, length))
      size -= length
      parts = size === 0 ? [] : [whole.subarray(length)]
    }
  }
}
