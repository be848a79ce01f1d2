import { ConnectError } from '../../../api/index.ts'
import type { Lsn, ReplicationStream, WalConsumer } from '../ports.ts'
import { asConnectError, serverErrorFrom } from './failures.ts'
import { FrameReader, type FrameHandler } from './frames.ts'
import { readLsn } from './lsn.ts'
import { copyDone, queryMessage, statusUpdate, terminate, types } from './messages.ts'
import type { Session } from './session.ts'
import { ShutdownWatch } from './shutdown-watch.ts'

/** Durations in milliseconds. */
export interface StreamTiming {
  /** `status.update.interval.ms`. */
  readonly statusIntervalMs: number
  /** `wal_sender_timeout` of the server; 0 if it has none. */
  readonly walSenderTimeoutMs: number
}

const XLOG_DATA = 'w'.charCodeAt(0)
const KEEPALIVE = 'k'.charCodeAt(0)
/** Kind, start and end of the WAL, and time. */
const XLOG_DATA_HEADER = 25
/** How long a server without wal_sender_timeout may be silent. */
const DEFAULT_SILENCE_MS = 60_000
const CLOSE_TIMEOUT_MS = 4000

/** Runs START_REPLICATION. Rejects if the server refuses; the connection can run statements then. */
export async function startStream(
  session: Session,
  command: string,
  timing: StreamTiming,
  consumer: WalConsumer,
): Promise<ReplicationStream> {
  const failure = session.failure()
  if (failure !== undefined) throw failure
  const stream = new WalStream(session, timing, consumer)
  await stream.start(command)
  return stream
}

/**
 * Written of a status update is what was received, as pg_recvlogical and pgjdbc report it; flushed and applied are what was
 * confirmed, and 0 before.
 */
class WalStream implements ReplicationStream, FrameHandler {
  readonly ended: Promise<Error | undefined>
  readonly #session: Session
  readonly #consumer: WalConsumer
  readonly #intervalMs: number
  readonly #silenceMs: number
  readonly #shutdown = new ShutdownWatch({
    reply: () => this.#sendStatus(false),
    expired: () =>
      this.#end(
        new ConnectError('HR_RETRIABLE', 'The server is shutting down, and waits for the stream to end.'),
      ),
  })
  #reader: FrameReader | undefined
  #timer: NodeJS.Timeout | undefined
  #received: Lsn = 0
  #confirmed: Lsn = 0
  #confirmIsQueued = false
  /** The answer to START_REPLICATION, until it is complete. */
  #starting: { resolve(): void; reject(error: unknown): void } | undefined
  #refusal: unknown
  #silentTicks = 0
  #tickedAt = 0
  #over = false
  #settle: (error: Error | undefined) => void = () => undefined

  constructor(
    session: Session,
    { statusIntervalMs, walSenderTimeoutMs }: StreamTiming,
    consumer: WalConsumer,
  ) {
    this.#session = session
    this.#consumer = consumer
    this.#intervalMs =
      walSenderTimeoutMs > 0 ? Math.min(statusIntervalMs, walSenderTimeoutMs / 3) : statusIntervalMs
    this.#silenceMs = walSenderTimeoutMs > 0 ? walSenderTimeoutMs : DEFAULT_SILENCE_MS
    this.ended = new Promise((resolve) => {
      this.#settle = resolve
    })
  }

  start(command: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#starting = { resolve, reject }
      this.#reader = new FrameReader(this.#session.socket, this)
      this.#session.socket.write(queryMessage(command))
      void this.#session.ended.then((error) => this.#end(error ?? connectionClosed()))
    })
  }

  confirm(lsn: Lsn): void {
    if (this.#over || lsn <= this.#confirmed) return
    this.#confirmed = lsn
    if (this.#confirmIsQueued) return
    this.#confirmIsQueued = true
    setImmediate(() => {
      this.#confirmIsQueued = false
      if (!this.#over) this.#sendStatus(false)
    })
  }

  /** The server has released the slot when this resolves, unless it takes too long. */
  async close(): Promise<void> {
    const { socket } = this.#session
    if (!this.#over) {
      this.#finish(undefined)
      this.#sendStatus(false)
      socket.write(copyDone)
      socket.write(terminate)
    }
    const deadline = setTimeout(() => socket.destroy(), CLOSE_TIMEOUT_MS)
    await this.#session.ended
    clearTimeout(deadline)
  }

  frame(type: number, bytes: Buffer, start: number, end: number): void | Promise<void> {
    if (type === types.copyData) return this.#data(bytes, start, end)
    if (type === types.copyBothResponse) {
      this.#begin()
    } else if (type === types.errorResponse) {
      const doing = this.#starting === undefined ? 'stream changes' : 'start to stream changes'
      const error = asConnectError(serverErrorFrom(bytes, start, end), doing, this.#session.user)
      if (this.#starting === undefined) this.#end(error)
      else this.#refusal = error
    } else if (type === types.readyForQuery && this.#starting !== undefined) {
      this.#refuse()
    } else if (type === types.copyDone || type === types.commandComplete) {
      this.#end(
        new ConnectError('HR_RETRIABLE', 'The server has ended the stream, as it does when it shuts down.'),
      )
    }
    return undefined
  }

  #data(bytes: Buffer, start: number, end: number): void | Promise<void> {
    const kind = bytes[start]
    const lsn = readLsn(bytes, start + 1)
    if (lsn > this.#received) this.#received = lsn
    if (kind === XLOG_DATA) {
      this.#shutdown.dataCame()
      return this.#consumer.message(bytes, start + XLOG_DATA_HEADER, end, lsn)
    }
    if (kind !== KEEPALIVE) return undefined
    if (bytes[start + 17] === 1) this.#shutdown.replyRequested()
    return this.#over ? undefined : this.#consumer.keepalive(lsn)
  }

  endOfChunk(): void | Promise<void> {
    return this.#starting === undefined ? this.#consumer.endOfChunk() : undefined
  }

  failed(error: unknown): void {
    this.#end(error instanceof Error ? error : new Error(String(error)))
  }

  #begin(): void {
    this.#sendStatus(false)
    this.#tickedAt = performance.now()
    this.#timer = setInterval(() => this.#tick(), this.#intervalMs)
    this.#starting?.resolve()
    this.#starting = undefined
  }

  #refuse(): void {
    this.#over = true
    this.#reader?.giveBack()
    this.#starting?.reject(this.#refusal ?? connectionClosed())
    this.#starting = undefined
  }

  /**
   * Counts ticks instead of time, because a busy event loop reads late what the server has sent in time. Asks for an answer
   * after a silent tick, because a server that gets status updates has no reason to send anything.
   */
  #tick(): void {
    const heard = this.#reader === undefined || this.#reader.waiting || this.#reader.heardAt > this.#tickedAt
    this.#silentTicks = heard ? 0 : this.#silentTicks + 1
    this.#tickedAt = performance.now()
    const silentMs = this.#silentTicks * this.#intervalMs
    if (silentMs > this.#silenceMs + this.#intervalMs) {
      const text = `The server has not answered for ${Math.round(silentMs)} ms; the connection is given up.`
      this.#end(new ConnectError('HR_RETRIABLE', text))
    } else {
      this.#sendStatus(this.#silentTicks > 0)
    }
  }

  #sendStatus(reply: boolean): void {
    this.#shutdown.replied()
    if (this.#session.socket.writable) {
      this.#session.socket.write(statusUpdate(this.#received, this.#confirmed, reply))
    }
  }

  /** Ends the stream because of an error, and the connection at once. */
  #end(error: Error): void {
    if (this.#over) return
    this.#finish(error)
    this.#session.socket.destroy()
  }

  #finish(error: Error | undefined): void {
    this.#over = true
    clearInterval(this.#timer)
    this.#shutdown.stop()
    this.#reader?.stop()
    this.#starting?.reject(error ?? connectionClosed())
    this.#starting = undefined
    this.#settle(error)
  }
}

function connectionClosed(): ConnectError {
  return new ConnectError('HR_RETRIABLE', 'The connection of the replication stream was closed.')
}
