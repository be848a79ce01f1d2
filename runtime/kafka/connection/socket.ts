import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, TLSSocket, type ConnectionOptions } from 'node:tls'
import { within } from '../../timing/index.ts'
import { collectResponses } from './responses.ts'

const KEEP_ALIVE_MS = 60_000
/** Maximum time to write the remaining bytes of a closing connection, for example with acks=0. */
const LAST_WORDS_MS = 1000

/** Connects to a broker. Emits one `data` event per response; with TLS, one per chunk. */
export function openSocket({
  host,
  port,
  ssl,
  onConnect,
}: {
  host: string
  port: number
  ssl: ConnectionOptions | null
  onConnect: () => void
}): Socket {
  const socket = ssl === null ? openTcp(host, port, onConnect) : openTls(host, port, ssl, onConnect)
  return socket.setKeepAlive(true, KEEP_ALIVE_MS).setNoDelay(true)
}

function openTcp(host: string, port: number, onConnect: () => void): Socket {
  const onread = collectResponses((response) => socket.emit('data', response))
  const socket: Socket = connectTcp({ host, port, onread }, onConnect)
  return socket
}

function openTls(host: string, port: number, ssl: ConnectionOptions, onConnect: () => void): Socket {
  const servername = isIP(host) === 0 ? { servername: host } : {}
  return connectTls({ host, port, ...servername, ...ssl }, onConnect)
}

/** Closes a socket after its pending writes. A socket that is still connecting is destroyed with an error. */
export async function endSocket(socket: Socket): Promise<void> {
  if (socket.connecting) {
    socket.destroy(new Error('the client was closed'))
    return
  }
  if (socket.writableLength > 0 && !socket.destroyed) {
    const finished = new Promise<void>((resolve) => socket.once('close', resolve).end(resolve))
    await within(LAST_WORDS_MS, finished, () => {})
  }
  socket.destroy()
}

/**
 * Resets a connection: bytes that the broker has not got yet are never sent, not even those that the system has already
 * accepted. With TLS, the system still sends those.
 */
export function resetSocket(socket: Socket): void {
  if (socket.connecting || socket instanceof TLSSocket) {
    socket.destroy()
    return
  }
  const writing = socket.writableLength > 0
  socket.resetAndDestroy()
  // The call above waits for writes, which do not end while the system accepts no more
  if (writing) socket.destroy()
}
