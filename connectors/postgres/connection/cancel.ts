import { connect, type Socket } from 'node:net'
import type { Session } from './session.ts'

/** Number of the request that cancels a statement. */
const CANCEL = 80877102
const TIMEOUT_MS = 5000

/**
 * Asks the server, through a connection of its own, to cancel the statement that a session runs. Resolves when the server
 * has taken the request. If that fails, the session is ended, because its statement would go on.
 */
export async function cancelStatement(session: Session): Promise<void> {
  const { host, port } = session.host
  const path = `${host}/.s.PGSQL.${port}`
  const socket = host.startsWith('/') ? connect(path) : connect(port, session.socket.remoteAddress ?? host)
  try {
    await send(socket, session)
  } catch {
    session.socket.destroy()
  } finally {
    socket.destroy()
  }
}

function send(socket: Socket, session: Session): Promise<void> {
  const request = Buffer.alloc(16)
  request.writeInt32BE(request.length, 0)
  request.writeInt32BE(CANCEL, 4)
  request.writeInt32BE(session.processId, 8)
  request.writeInt32BE(session.secretKey, 12)
  return new Promise((resolve, reject) => {
    socket.setTimeout(TIMEOUT_MS, () => reject(new Error('the request to cancel timed out')))
    socket.on('connect', () => socket.write(request))
    socket.on('error', reject)
    socket.on('close', () => resolve())
    socket.resume()
  })
}
