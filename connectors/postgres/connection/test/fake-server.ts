import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { Secret } from '../../../../api/index.ts'
import { writeLsn } from '../lsn.ts'
import type { ConnectionConfig } from '../settings.ts'

/** A message of the server: its type and its content. */
export function frame(type: string, ...content: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(content.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)))
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

const int16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255])
const int32 = (value: number): Buffer => Buffer.from([value >> 24, value >> 16, value >> 8, value])
const int64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  writeLsn(bytes, 0, value)
  return bytes
}

export const ready = frame('Z', 'I')
export const done = (tag: string): Buffer => frame('C', `${tag}\0`)
export const errorResponse = (code: string, message: string, severity = 'ERROR'): Buffer =>
  frame('E', `S${severity}\0V${severity}\0C${code}\0M${message}\0\0`)
export const copyOutStarts = (columns: number): Buffer =>
  frame('H', '\0', int16(columns), Buffer.alloc(2 * columns))
export const copyBothStarts = frame('W', '\0', int16(0))
export const xlogData = (lsn: number, payload: string): Buffer =>
  frame('d', 'w', int64(lsn), int64(lsn), int64(0), payload)
export const keepalive = (walEnd: number, reply: boolean): Buffer =>
  frame('d', 'k', int64(walEnd), int64(0), reply ? '\x01' : '\0')

/** The messages of a result with one row. */
export function oneRow(row: Readonly<Record<string, string | null>>): Buffer {
  const names = Object.keys(row)
  const types = names.map((name) => Buffer.concat([Buffer.from(`${name}\0`), Buffer.alloc(18)]))
  const cells = Object.values(row).map((text) =>
    text === null ? int32(-1) : Buffer.concat([int32(Buffer.byteLength(text)), Buffer.from(text)]),
  )
  const count = int16(names.length)
  return Buffer.concat([frame('T', count, ...types), frame('D', count, ...cells), done('SELECT 1'), ready])
}

/** A connection, as the server sees it. */
export interface FakeConnection {
  readonly socket: Socket
  /** Parameters of the startup message. */
  readonly startup: ReadonlyMap<string, string>
  /** Resolves to the next message of the client that is of `type`; those before it are dropped. */
  next(type: string): Promise<Buffer>
  send(...messages: readonly Buffer[]): void
}

export interface FakeServer {
  readonly config: ConnectionConfig
  /** Resolves to the next connection that has sent its startup message and has run its first statements. */
  connection(): Promise<FakeConnection>
  /** Resolves when the next request to cancel a statement has come. */
  cancelRequest(): Promise<void>
}

export interface FakeServerOptions {
  /** Answers the startup message instead of accepting the connection. */
  readonly refusal?: Buffer
  /** Does not answer the startup message. */
  readonly silent?: boolean
  readonly version?: string
  readonly walSenderTimeoutMs?: number
  readonly settings?: Partial<ConnectionConfig>
}

/** A server that speaks enough of the protocol, and otherwise sends what a test tells it to send, when it tells it. */
export async function fakeServer(t: TestContext, options: FakeServerOptions = {}): Promise<FakeServer> {
  const connections = queue<FakeConnection>()
  const cancels = queue<void>()
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    serve(socket, options, connections.put, cancels.put)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return {
    config: configFor(port, options.settings),
    connection: connections.take,
    cancelRequest: cancels.take,
  }
}

/** Settings for a server on this machine. */
export function configFor(port: number, settings: Partial<ConnectionConfig> = {}): ConnectionConfig {
  return {
    'database.hostname': '127.0.0.1',
    'database.port': port,
    'database.user': 'reader',
    'database.password': new Secret('s3cret'),
    'database.dbname': 'shop',
    'database.sslmode': 'disable',
    'database.sslcert': null,
    'database.sslkey': null,
    'database.sslpassword': null,
    'database.sslrootcert': null,
    'database.sslfactory': null,
    'database.tcpKeepAlive': true,
    'database.query.timeout.ms': 60_000,
    'database.initial.statements': null,
    'status.update.interval.ms': 10_000,
    ...settings,
  }
}

function serve(
  socket: Socket,
  { refusal, silent = false, version = '15.1', walSenderTimeoutMs = 60_000 }: FakeServerOptions,
  opened: (connection: FakeConnection) => void,
  cancelled: () => void,
): void {
  const messages = queue<Buffer>()
  let connection: FakeConnection | undefined
  let isOpen = false
  const send = (...parts: readonly Buffer[]) => void socket.write(Buffer.concat(parts))
  const start = (packet: Buffer) => {
    if (packet.readInt32BE(4) === 80877102) {
      cancelled()
      socket.end()
    } else if (silent) {
      // The test waits for the client to give up.
    } else if (refusal !== undefined) {
      socket.end(refusal)
    } else {
      connection = { socket, startup: parametersOf(packet), next: (type) => nextOf(messages, type), send }
      const parameter = frame('S', `server_version\0${version}\0`)
      send(frame('R', int32(0)), parameter, frame('K', int32(7), int32(99)), ready)
    }
  }
  const take = (message: Buffer) => {
    const sql = message[0] === 81 ? message.toString('utf8', 5, message.length - 1) : ''
    if (sql.startsWith('SET TimeZone')) {
      send(done('SET'), ready)
      if (connection !== undefined && !isOpen) opened(connection)
      isOpen = true
    } else if (sql.includes('wal_sender_timeout')) {
      send(oneRow({ setting: String(walSenderTimeoutMs) }))
    } else {
      messages.put(message)
    }
  }
  readMessages(socket, () => connection !== undefined, start, take)
}

/** The first packet has no type. */
function readMessages(
  socket: Socket,
  hasStarted: () => boolean,
  start: (packet: Buffer) => void,
  take: (message: Buffer) => void,
): void {
  let rest: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      const head = hasStarted() ? 1 : 0
      if (rest.length < head + 4) return
      const length = head + rest.readInt32BE(head)
      if (rest.length < length) return
      const message = rest.subarray(0, length)
      rest = rest.subarray(length)
      if (head === 0) start(message)
      else take(message)
    }
  })
}

function parametersOf(packet: Buffer): ReadonlyMap<string, string> {
  const parts = packet.toString('utf8', 8).split('\0')
  return new Map(
    parts.flatMap((name, index) => (index % 2 === 0 ? [[name, parts[index + 1] ?? ''] as const] : [])),
  )
}

async function nextOf(messages: { take(): Promise<Buffer> }, type: string): Promise<Buffer> {
  for (;;) {
    const message = await messages.take()
    if (message[0] === type.charCodeAt(0)) return message
  }
}

interface Queue<T> {
  put(this: void, value: T): void
  take(this: void): Promise<T>
}

function queue<T>(): Queue<T> {
  const values: T[] = []
  const waiting: ((value: T) => void)[] = []
  return {
    put(value) {
      const next = waiting.shift()
      if (next === undefined) values.push(value)
      else next(value)
    },
    take: () =>
      new Promise((resolve) => {
        if (values.length > 0) resolve(values.shift() as T)
        else waiting.push(resolve)
      }),
  }
}

/** A promise that the test resolves. */
export function gate(): { readonly opened: Promise<void>; open(this: void): void } {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}
