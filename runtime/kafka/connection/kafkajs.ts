import type { Socket } from 'node:net'
import brokerModule from 'kafkajs/src/broker/index.js'
import connectionModule from 'kafkajs/src/network/connection.js'
import connectionPoolModule from 'kafkajs/src/network/connectionPool.js'
import requestQueueModule from 'kafkajs/src/network/requestQueue/index.js'
import { ConnectError, type Logger } from '../../../api/index.ts'
import type { ClientOutages } from '../outages/index.ts'
import type {
  KafkajsBroker,
  KafkajsConnection,
  KafkajsInternals,
  KafkajsLogger,
  KafkajsRequestQueue,
  PoolOptions,
} from './kafkajs-types.ts'
import type { ConnectionSettings } from './settings.ts'
import { SilenceWatch } from './silence.ts'
import { openSocket } from './socket.ts'

export type { KafkajsBroker }

const { Broker, Connection, ConnectionPool, RequestQueue } = {
  Broker: brokerModule,
  Connection: connectionModule,
  ConnectionPool: connectionPoolModule,
  RequestQueue: requestQueueModule,
} as KafkajsInternals

/**
 * kafkajs starts a timer with a negative delay after every response, which then fires every millisecond
 * indefinitely and causes a warning on newer Node versions (tulios/kafkajs#1751). A check is needed only
 * while a request is pending.
 */
RequestQueue.prototype.scheduleCheckPendingRequests = function (this: KafkajsRequestQueue) {
  if (this.pending.length === 0 || this.throttleCheckTimeoutId !== null) return
  const waitMs = Math.max(10, this.throttledUntil - Date.now())
  this.throttleCheckTimeoutId = setTimeout(() => {
    this.throttleCheckTimeoutId = null
    this.checkPendingRequests()
  }, waitMs)
}

const TIMEOUT_CHECK_MS = 100

const { destroy, sendSocketRequest } = RequestQueue.prototype

/** Called on a new connection, which has no request in flight yet. */
RequestQueue.prototype.scheduleRequestTimeoutCheck = function (this: KafkajsRequestQueue) {
  this.destroy()
}

/**
 * Unlike in kafkajs, the check of the timeouts runs only while a request is in flight: a worker has hundreds of idle
 * connections, and each would wake up ten times a second. The check also serves a watch of the connection.
 */
RequestQueue.prototype.sendSocketRequest = function (this: KafkajsRequestQueue, request: object) {
  sendSocketRequest.call(this, request)
  if (this.requestTimeoutIntervalId !== undefined || this.inflight.size === 0) return
  this.onCheck?.(undefined) // the time before the request does not count
  const intervalMs = Math.min(this.requestTimeout, TIMEOUT_CHECK_MS)
  this.requestTimeoutIntervalId = setInterval(() => checkRequests(this), intervalMs)
}

function checkRequests(queue: KafkajsRequestQueue): void {
  const now = Date.now()
  for (const request of queue.inflight.values()) {
    if (now - request.sentAt > request.requestTimeout) request.timeoutRequest()
  }
  const [oldest] = queue.inflight.values()
  queue.onCheck?.(oldest)
  if (!queue.isConnected()) queue.destroy()
  else if (oldest === undefined) stopChecks(queue)
}

function stopChecks(queue: KafkajsRequestQueue): void {
  clearInterval(queue.requestTimeoutIntervalId)
  queue.requestTimeoutIntervalId = undefined
}

RequestQueue.prototype.destroy = function (this: KafkajsRequestQueue) {
  stopChecks(this)
  destroy.call(this)
  this.onClose?.()
}

const { processData } = Connection.prototype

/**
 * kafkajs joins each response with the rest of the previous one, which copies it even when there is no rest.
 */
Connection.prototype.processData = function (this: KafkajsConnection, data: Buffer) {
  if (this.bytesBuffered === 0) this.chunks = []
  processData.call(this, data)
}

/**
 * Connections to one broker. A broker processes the requests of a connection in order, so requests that it
 * may hold for long use separate connections: fetches, and members that join a group.
 */
export const lanes = { prompt: 0, fetch: 1, join: 2 } as const

/**
 * Creates a kafkajs broker, which opens connections, negotiates versions, and authenticates. A broker that does
 * not answer is reported in `outages`.
 */
export function createBroker(
  settings: ConnectionSettings,
  address: { readonly host: string; readonly port: number },
  log: Logger,
  outages: ClientOutages,
): KafkajsBroker {
  const logger = loggerFor(log)
  const options = {
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
  }
  const connectionPool = new LanePool(options, (connection) => watchSilence(connection, outages))
  const authenticationTimeout = settings.connectionSetupTimeoutMs
  return new Broker({ connectionPool, logger, authenticationTimeout })
}

/** Creates the connections of other lanes when they are first used: most clients send prompt requests only. */
class LanePool extends ConnectionPool {
  readonly #options: PoolOptions
  readonly #created: (connection: KafkajsConnection) => void
  readonly #byLane = new Map<number, KafkajsConnection>()

  constructor(options: PoolOptions, created: (connection: KafkajsConnection) => void) {
    super(options)
    const [prompt] = this.pool as [KafkajsConnection]
    this.pool = [prompt]
    this.#byLane.set(lanes.prompt, prompt)
    this.#options = options
    this.#created = created
    created(prompt)
  }

  override async getConnection(lane: number = lanes.prompt): Promise<KafkajsConnection> {
    const connection = this.#byLane.get(lane) ?? this.#create(lane)
    if (!connection.isConnected()) await connection.connect()
    return connection
  }

  #create(lane: number): KafkajsConnection {
    const connection = new Connection(this.#options)
    this.#created(connection)
    const [prompt] = this.pool as [KafkajsConnection]
    connection.setVersions(prompt.versions)
    connection.setSupportAuthenticationProtocol(prompt.supportAuthenticationProtocol)
    this.pool.push(connection)
    this.#byLane.set(lane, connection)
    return connection
  }
}

function watchSilence(connection: KafkajsConnection, outages: ClientOutages): void {
  const watch = new SilenceWatch(`${connection.host}:${connection.port}`, outages)
  const { requestQueue } = connection
  requestQueue.onCheck = (oldest) => {
    const holdMs = oldest === undefined ? undefined : (oldest.entry.holdMs ?? 0)
    watch.check(connection.socket?.bytesRead ?? 0, holdMs)
  }
  requestQueue.onClose = () => watch.closed()
  connection.silence = watch
}

/** Closes all connections of a broker, each with `close`. Pending requests are rejected with `reason`. */
export async function closeBroker(
  broker: KafkajsBroker,
  reason: ConnectError,
  close: (socket: Socket) => Promise<void>,
): Promise<void> {
  const { pool } = broker.connectionPool
  for (const connection of pool) connection.rejectRequests(reason)
  await Promise.all(pool.flatMap(({ socket }) => (socket === undefined ? [] : [close(socket)])))
  await broker.disconnect().catch(() => {}) // the sockets are already closed
}

/**
 * Logs the messages of kafkajs at DEBUG or TRACE, because their errors are also thrown or retried. All parts of a client
 * share one object; its functions are called without it.
 */
function loggerFor(log: Logger): KafkajsLogger {
  const debug = (message: string, fields?: object): void => log.debug(message, { ...fields })
  const trace = (message: string, fields?: object): void => log.trace(message, { ...fields })
  const logger = { namespace: () => logger, error: debug, warn: debug, info: debug, debug: trace }
  return logger
}

/** A request encoded without kafkajs. The buffers of the body are sent without being joined. */
export interface RawRequest {
  readonly apiKey: number
  readonly apiName: string
  readonly apiVersion: number
  readonly body: readonly Buffer[]
  /** False for a produce request with acks=0, which has no response. */
  readonly expectResponse?: boolean
  readonly timeoutMs?: number
  /** How long the broker may hold the request before it responds, in milliseconds; 0 by default. */
  readonly holdMs?: number
  /** Called just before the request is written; its error is that of the request, which is then not written. */
  readonly check?: () => void
}

const HEADER_FIXED_BYTES = 14
const PRODUCE_KEY = 0
const OFFSET_DELETE_KEY = 47

/** Sends a raw request on a kafkajs connection. Resolves to the body of the response. */
export async function exchange(connection: KafkajsConnection, request: RawRequest): Promise<Buffer> {
  if (connection.sasl !== null && !connection.isAuthenticated()) await connection.authenticate()
  request.check?.()
  const correlationId = connection.nextCorrelationId()
  const header = requestHeader(connection.clientId, correlationId, request)
  const { apiKey, apiName, apiVersion, body, expectResponse = true, holdMs = 0 } = request
  return await new Promise<Buffer>((resolve, reject) => {
    connection.requestQueue.push({
      entry: {
        apiKey,
        apiName,
        apiVersion,
        correlationId,
        holdMs,
        resolve: ({ payload }) => {
          if (expectResponse) connection.silence?.mute(throttleMs(apiKey, payload))
          resolve(payload)
        },
        reject,
      },
      expectResponse,
      requestTimeout: request.timeoutMs ?? null,
      sendRequest: () => writeAll(connection.socket, [header, ...body]),
    })
  })
}

/**
 * Returns the throttle time of a response: the last field for Produce, the field after the error code for OffsetDelete,
 * the first field for all other requests of ours. 0 if the response is too short; its reader then reports that.
 */
export function throttleMs(apiKey: number, payload: Buffer): number {
  const at = apiKey === PRODUCE_KEY ? payload.length - 4 : apiKey === OFFSET_DELETE_KEY ? 2 : 0
  return at >= 0 && at + 4 <= payload.length ? payload.readInt32BE(at) : 0
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
  if (socket === undefined || socket.destroyed) {
    throw new ConnectError('HR_KAFKA_UNAVAILABLE', 'The broker is not connected')
  }
  socket.cork()
  for (const part of parts) socket.write(part)
  socket.uncork()
}
