import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import { within } from '../../timing/index.ts'
import { collectAnswers } from './answers.ts'

const KEEP_ALIVE_MS = 60_000
/** How long a closing connection may take to write what is left, as with acks=0. */
const LAST_WORDS_MS = 1000

/** Connects to a broker. The socket gives one `data` event for each answer; with TLS, for whatever has come. */
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
  const onread = collectAnswers((answer) => socket.emit('data', answer))
  const socket: Socket = connectTcp({ host, port, onread }, onConnect)
  return socket
}

function openTls(host: string, port: number, ssl: ConnectionOptions, onConnect: () => void): Socket {
  const servername = isIP(host) === 0 ? { servername: host } : {}
  return connectTls({ host, port, ...servername, ...ssl }, onConnect)
}

/** Closes a socket, once what was written is on its way. Whoever waits for its connection gets an error. */
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
