import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** Passes TCP connections on to a server, and can disturb them. */
export interface Proxy {
  readonly port: number
  /** Number of open connections. */
  readonly connections: number
  /** Resets all connections. */
  cut(): void
  /** Resets the next `times` connections, one after another, once a client has sent this many bytes on one of them. */
  cutAfter(bytes: number, times?: number): void
  /** Resets new connections at once, as well as the open ones, until {@link Proxy.accept}. */
  refuse(): void
  accept(): void
  /** Keeps all connections open, and new ones too, but passes nothing on until {@link Proxy.thaw}. */
  freeze(): void
  thaw(): void
  /** Passes only so many bytes per second on, for each connection and direction; null for no limit. */
  throttle(bytesPerSecond: number | null): void
  close(): Promise<void>
}

type Pair = readonly [client: Socket, server: Socket]

const TICK_MS = 50

/** What the connections of a proxy have in common. */
interface Disturbance {
  frozen: boolean
  refusing: boolean
  bytesPerSecond: number | null
  cuts: { readonly after: number; times: number }
}

export async function startProxy(host: string, port: number): Promise<Proxy> {
  const pairs = new Set<Pair>()
  const state: Disturbance = {
    frozen: false,
    refusing: false,
    bytesPerSecond: null,
    cuts: { after: 0, times: 0 },
  }
  const server = createServer((client) => {
    if (state.refusing) {
      client.on('error', () => {})
      client.resetAndDestroy()
      return
    }
    const pair = [client, connect(port, host)] as const
    pairs.add(pair)
    joinPair(pair, state, () => pairs.delete(pair))
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
    cutAfter: (bytes, times = 1) => void (state.cuts = { after: bytes, times }),
    refuse() {
      state.refusing = true
      each((socket) => socket.resetAndDestroy())
    },
    accept: () => void (state.refusing = false),
    freeze() {
      state.frozen = true
      each((socket) => socket.pause())
    },
    thaw() {
      state.frozen = false
      each((socket) => socket.resume())
    },
    throttle: (bytesPerSecond) => void (state.bytesPerSecond = bytesPerSecond),
    async close() {
      each((socket) => socket.destroy())
      server.close()
      await once(server, 'close')
    },
  }
}

function joinPair(pair: Pair, state: Disturbance, onClose: () => void): void {
  const [client] = pair
  let sent = 0
  for (const [from, to] of [pair, pair.toReversed()] as [Socket, Socket][]) {
    let passed = Promise.resolve()
    from.on('data', (chunk) => {
      if (from === client) sent += chunk.length
      if (from === client && state.cuts.times > 0 && sent >= state.cuts.after) {
        state.cuts.times--
        for (const socket of pair) socket.resetAndDestroy()
        return
      }
      if (state.bytesPerSecond === null) to.write(chunk)
      else passed = passed.then(() => passSlowly(chunk, from, to, state))
    })
    from.on('end', () => void passed.then(() => to.end()))
    from.on('error', () => to.destroy())
    from.on('close', () => {
      void passed.then(() => to.destroy())
      onClose()
    })
    if (state.frozen) from.pause()
  }
}

/** Passes a chunk on in small steps, during which nothing more is read. */
async function passSlowly(chunk: Buffer, from: Socket, to: Socket, state: Disturbance): Promise<void> {
  from.pause()
  for (let at = 0; at < chunk.length && !to.destroyed;) {
    const step = Math.max(1, Math.round(((state.bytesPerSecond ?? Infinity) * TICK_MS) / 1000))
    to.write(chunk.subarray(at, at + step))
    at += step
    await new Promise((resolve) => setTimeout(resolve, TICK_MS))
  }
  if (!state.frozen) from.resume()
}
