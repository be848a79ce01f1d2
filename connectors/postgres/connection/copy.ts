import { ConnectError } from '../../../api/index.ts'
import type { Row, RowConsumer } from '../ports.ts'
import { cancelStatement } from './cancel.ts'
import { emptyRow, splitRow } from './copy-rows.ts'
import { asConnectError, serverErrorFrom } from './failures.ts'
import { FrameReader, type FrameHandler } from './frames.ts'
import { queryMessage, types } from './messages.ts'
import type { Session } from './session.ts'

/** How long a cancelled COPY may take to end. */
const CANCEL_TIMEOUT_MS = 10_000

/**
 * Runs `COPY … TO STDOUT` and passes its rows on. Resolves to their number. Rejects with the reason of the signal, with what
 * the consumer has thrown, or with a ConnectError; the connection can be used again, unless it has ended.
 */
export async function copyOut(
  session: Session,
  sql: string,
  columns: number,
  consumer: RowConsumer,
  signal: AbortSignal,
): Promise<number> {
  signal.throwIfAborted()
  const failure = session.failure()
  if (failure !== undefined) throw failure
  const copy = new Copy(session, columns, consumer)
  const abort = () => copy.cancel(signal.reason)
  signal.addEventListener('abort', abort)
  try {
    return await copy.run(sql)
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

class Copy implements FrameHandler {
  readonly #session: Session
  readonly #consumer: RowConsumer
  readonly #row: Row
  readonly #done: Promise<number>
  #finish: (rows: number) => void = () => undefined
  /** Ends the wait for the consumer, when no more rows are wanted. */
  #giveUp: () => void = () => undefined
  #reader: FrameReader | undefined
  #rows = 0
  #isCopy = false
  /** Why no more rows are passed on: the first failure. */
  #failure: { readonly reason: unknown } | undefined
  #cancelled: Promise<void> | undefined
  #deadline: NodeJS.Timeout | undefined

  constructor(session: Session, columns: number, consumer: RowConsumer) {
    this.#session = session
    this.#consumer = consumer
    this.#row = emptyRow(columns)
    this.#done = new Promise((resolve) => {
      this.#finish = resolve
    })
  }

  async run(sql: string): Promise<number> {
    this.#reader = new FrameReader(this.#session.socket, this)
    this.#session.endListeners.add(this.#ended)
    this.#session.socket.write(queryMessage(sql))
    const rows = await this.#done
    // A request to cancel that comes too late must not hit the next statement.
    await this.#cancelled
    clearTimeout(this.#deadline)
    if (this.#failure !== undefined) throw this.#failure.reason
    if (this.#isCopy) return rows
    throw new ConnectError('HR_ILLEGAL_STATE', `The statement is not COPY … TO STDOUT: ${sql.slice(0, 120)}`)
  }

  /** Discards the rows that still come. The connection is given up if they do not end. */
  cancel(reason: unknown): void {
    this.#failure ??= { reason }
    this.#deadline ??= setTimeout(() => this.#session.socket.destroy(), CANCEL_TIMEOUT_MS)
    this.#cancelled ??= cancelStatement(this.#session)
    this.#giveUp()
  }

  frame(type: number, bytes: Buffer, start: number, end: number): void {
    if (type === types.copyData) {
      if (this.#failure === undefined) this.#readRow(bytes, start, end)
    } else if (type === types.copyOutResponse) {
      this.#isCopy = true
    } else if (type === types.errorResponse) {
      const error = asConnectError(
        serverErrorFrom(bytes, start, end),
        'read rows with COPY',
        this.#session.user,
      )
      this.#failure ??= { reason: error }
    } else if (type === types.readyForQuery) {
      this.#reader?.giveBack()
      this.#over()
    }
  }

  readonly #ended = (error: ConnectError | undefined): void => {
    const reason = error ?? new ConnectError('HR_RETRIABLE', 'The connection was closed during COPY.')
    this.#failure ??= { reason }
    this.#giveUp()
    this.#over()
  }

  #over(): void {
    this.#session.endListeners.delete(this.#ended)
    this.#finish(this.#rows)
  }

  #readRow(bytes: Buffer, start: number, end: number): void {
    try {
      splitRow(bytes, start, end, this.#row)
      this.#consumer.row(this.#row)
      this.#rows++
    } catch (error) {
      this.cancel(error)
    }
  }

  endOfChunk(): void | Promise<void> {
    if (this.#failure !== undefined) return undefined
    try {
      const wait = this.#consumer.endOfChunk()
      return wait === undefined || this.#hasFailed() ? undefined : this.#untilReady(wait)
    } catch (error) {
      return this.cancel(error)
    }
  }

  #untilReady(wait: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      this.#giveUp = resolve
      wait.then(resolve, (error: unknown) => this.cancel(error))
    })
  }

  /** A function, because the consumer may have aborted the signal. */
  #hasFailed(): boolean {
    return this.#failure !== undefined
  }

  /** The data is not the protocol: the connection is lost. */
  failed(error: unknown): void {
    this.#failure ??= { reason: error }
    this.#session.socket.destroy()
  }
}
