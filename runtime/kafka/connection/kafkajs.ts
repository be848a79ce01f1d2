import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import Broker from 'kafkajs/src/broker/index.js'
import type {
  KafkajsBroker,
  KafkajsConnection,
  KafkajsLogger,
  KafkajsRequestQueue,
} from 'kafkajs/src/internals.js'
import { createLogger } from 'kafkajs/src/loggers/index.js'
import ConnectionPool from 'kafkajs/src/network/connectionPool.js'
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js'
import type { Logger } from '../../../api/index.ts'
import { within } from '../../timing/index.ts'
import type { ConnectionSettings } from './settings.ts'

export type { KafkajsBroker }

const KEEP_ALIVE_MS = 60_000
const DEBUG_LEVEL = 5
/** How long a closing connection may take to write what is left, as with acks=0. */
const LAST_WORDS_MS = 1000

/**
 * kafkajs arms a timer with a negative delay after every answer, which fires each millisecond for ever and warns on
 * newer Node versions (tulios/kafkajs#1751). A check is only due when something waits.
 */
RequestQueue.prototype.scheduleCheckPendingRequests = function (this: KafkajsRequestQueue) {
  if (this.pending.length === 0 || this.throttleCheckTimeoutId !== null) return
  const waitMs = Math.max(10, this.throttledUntil - Date.now())
  this.throttleCheckTimeoutId = setTimeout(() => {
    this.throttleCheckTimeoutId = null
    this.checkPendingRequests()
  }, waitMs)
}

/** A broker of kafkajs: it opens connections, negotiates versions and authenticates. */
export function createBroker(
  settings: ConnectionSettings,
  address: { readonly host: string; readonly port: number; readonly nodeId: number | null },
  log: Logger,
): KafkajsBroker {
  const logger = loggerFor(log)
  const connectionPool = new ConnectionPool({
    host: address.host,
    port: address.port,
    ssl: settings.ssl,
    sasl: settings.sasl,
    clientId: settings.clientId,
    connectionTimeout: settings.connectionSetupTimeoutMs,
    requestTimeout: settings.requestTimeoutMs,
    enforceRequestTimeout: true,
    maxInFlightRequests: null,
    reauthenticationThreshold: 10_000,
    logger,
    socketFactory: openSocket,
  })
  const authenticationTimeout = settings.connectionSetupTimeoutMs
  return new Broker({ connectionPool, logger, nodeId: address.nodeId, authenticationTimeout })
}

/** Ends all connections of a broker now; what waits for an answer is rejected, what was written still goes out. */
export async function closeBroker(broker: KafkajsBroker): Promise<void> {
  for (const connection of broker.connectionPool.pool) {
    connection.rejectRequests(new Error('the client was closed'))
    if (connection.socket !== undefined) await endSocket(connection.socket)
  }
  await broker.disconnect().catch(() => {}) // the sockets are gone; nothing is left to fail
}

async function endSocket(socket: Socket): Promise<void> {
  if (socket.writableLength > 0 && !socket.destroyed) {
    const finished = new Promise<void>((resolve) => socket.once('close', resolve).end(resolve))
    await within(LAST_WORDS_MS, finished, () => {})
  }
  socket.destroy()
}

function openSocket({
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
  const servername = isIP(host) === 0 ? { servername: host } : {}
  const socket =
    ssl === null
      ? connectTcp({ host, port }, onConnect)
      : connectTls({ host, port, ...servername, ...ssl }, onConnect)
  return socket.setKeepAlive(true, KEEP_ALIVE_MS).setNoDelay(true)
}

/** All that kafkajs logs is thrown as well, or retried: of use only to who debugs the client. */
function loggerFor(log: Logger): KafkajsLogger {
  return createLogger({
    level: DEBUG_LEVEL,
    logCreator: () => (entry) => {
      const { message, ...fields } = entry.log
      if ((entry.level as number) < DEBUG_LEVEL) log.debug(message, fields)
      else log.trace(message, fields)
    },
  })
}

/** A request written by us; the body may come in pieces, which are not copied together. */
export interface RawRequest {
  readonly apiKey: number
  readonly apiName: string
  readonly apiVersion: number
  readonly body: readonly Buffer[]
  /** False for a produce request with acks=0, to which no broker answers. */
  readonly expectResponse?: boolean
  readonly timeoutMs?: number
}

const HEADER_FIXED_BYTES = 14

/** Sends a request of ours on a connection of kafkajs and resolves to the body of its answer. */
export async function exchange(connection: KafkajsConnection, request: RawRequest): Promise<Buffer> {
  if (connection.sasl !== null && !connection.isAuthenticated()) await connection.authenticate()
  const correlationId = connection.nextCorrelationId()
  const header = requestHeader(connection.clientId, correlationId, request)
  const { apiKey, apiName, apiVersion, body, expectResponse = true } = request
  return await new Promise<Buffer>((resolve, reject) => {
    connection.requestQueue.push({
      entry: {
        apiKey,
        apiName,
        apiVersion,
        correlationId,
        resolve: (answer) => resolve(answer.payload),
        reject,
      },
      expectResponse,
      requestTimeout: request.timeoutMs ?? null,
      sendRequest: () => writeAll(connection.socket, [header, ...body]),
    })
  })
}

function requestHeader(clientId: string, correlationId: number, request: RawRequest): Buffer {
  const idLength = Buffer.byteLength(clientId)
  const header = Buffer.allocUnsafe(HEADER_FIXED_BYTES + idLength)
  const bodyLength = request.body.reduce((sum, part) => sum + part.length, 0)
  header.writeInt32BE(HEADER_FIXED_BYTES - 4 + idLength + bodyLength, 0)
  header.writeInt16BE(request.apiKey, 4)
  header.writeInt16BE(request.apiVersion, 6)
  header.writeInt32BE(correlationId, 8)
  header.writeInt16BE(idLength, 12)
  header.write(clientId, HEADER_FIXED_BYTES, 'utf8')
  return header
}

function writeAll(socket: Socket | undefined, parts: readonly Buffer[]): void {
  if (socket === undefined || socket.destroyed) throw new Error('Not connected')
  socket.cork()
  for (const part of parts) socket.write(part)
  socket.uncork()
}
