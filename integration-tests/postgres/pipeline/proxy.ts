import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** Passes TCP connections on to a server, and can disturb them. */
export interface Proxy {
  readonly port: number
  /** Number of open connections. */
  readonly connections: number
  /** Resets all connections. */
  cut(): void
  /** Keeps all connections open, and new ones too, but passes nothing on until {@link Proxy.thaw}. */
  freeze(): void
  thaw(): void
  close(): Promise<void>
}

export async function startProxy(host: string, port: number): Promise<Proxy> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let frozen = false
  const server = createServer((client) => {
    const pair = [client, connect(port, host)] as const
    pairs.add(pair)
    for (const [from, to] of [pair, pair.toReversed()] as [Socket, Socket][]) {
      from.on('data', (chunk) => to.write(chunk))
      from.on('end', () => to.end())
      from.on('error', () => to.destroy())
      from.on('close', () => {
        to.destroy()
        pairs.delete(pair)
      })
      if (frozen) from.pause()
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const each = (work: (socket: Socket) => void) => {
    for (const socket of [...pairs].flat()) work(socket)
  }
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return pairs.size
    },
    cut: () => each((socket) => socket.resetAndDestroy()),
    freeze() {
      frozen = true
      each((socket) => socket.pause())
    },
    thaw() {
      frozen = false
      each((socket) => socket.resume())
    },
    async close() {
      each((socket) => socket.destroy())
      server.close()
      await once(server, 'close')
    },
  }
}
