import { setImmediate as turn } from 'node:timers/promises'
import { ConnectError } from '../../../../api/index.ts'
import type { SearchServer, ServerRequest, ServerResponse } from '../../ports.ts'

/** An operation as the server receives it. */
export interface ReceivedOperation {
  readonly kind: string
  readonly target: string
  readonly id: string | undefined
  readonly version: number | undefined
  readonly document: string | undefined
}

/** The error that the server responds with for one operation; undefined if it is written. */
export type ItemError =
  { readonly status: number; readonly type: string; readonly reason?: string } | undefined

/** A request that the server has received and not answered yet. */
export class ReceivedRequest {
  readonly request: ServerRequest
  readonly operations: readonly ReceivedOperation[]
  readonly #resolve: (response: ServerResponse) => void
  readonly #reject: (error: unknown) => void

  constructor(
    request: ServerRequest,
    resolve: (response: ServerResponse) => void,
    reject: (error: unknown) => void,
  ) {
    this.request = request
    this.operations = parsed(String(request.body))
    this.#resolve = resolve
    this.#reject = reject
  }

  /** Documents of the operations, or ids if there are none. */
  get documents(): readonly (string | undefined)[] {
    return this.operations.map(({ document, id }) => document ?? id)
  }

  /** Responds that everything is written. */
  accept(): void {
    this.respond(200, { errors: false })
  }

  /** Responds with an error for each operation that has one. */
  answer(errors: readonly ItemError[], retryAfterMs?: number): void {
    const items = this.operations.map(({ kind }, index) => {
      const error = errors[index]
      return { [kind]: error === undefined ? { status: 200 } : { status: error.status, error } }
    })
    this.respond(200, { errors: errors.some((error) => error !== undefined), items }, retryAfterMs)
  }

  /** Responds to the request as a whole. */
  respond(status: number, body?: unknown, retryAfterMs?: number): void {
    this.#resolve({ status, retryAfterMs, body })
  }

  /** Cuts the connection. */
  cut(): void {
    this.#reject(new ConnectError('HR_RETRIABLE', 'the connection was cut'))
  }

  /** Fails the request for good. */
  fail(error: Error): void {
    this.#reject(error)
  }
}

/** A server that answers requests as a test says. */
export class FakeServer implements SearchServer {
  /** Requests without an answer, in the order of their arrival. */
  readonly waiting: ReceivedRequest[] = []
  /** All requests. */
  readonly received: ReceivedRequest[] = []
  /** Called with each request, to answer it at once or later. */
  onRequest: (request: ReceivedRequest) => void = (request) => void this.waiting.push(request)
  inFlight = 0
  /** The most requests that were in flight at the same time. */
  peak = 0
  closed = false

  request(request: ServerRequest, signal: AbortSignal): Promise<ServerResponse> {
    return new Promise((resolve, reject) => {
      this.inFlight++
      this.peak = Math.max(this.peak, this.inFlight)
      const ended = () => {
        signal.removeEventListener('abort', aborted)
        this.inFlight--
      }
      const aborted = () => {
        ended()
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', aborted, { once: true })
      const settled =
        <T>(settle: (value: T) => void) =>
        (value: T) => {
          ended()
          settle(value)
        }
      const received = new ReceivedRequest(request, settled(resolve), settled(reject))
      this.received.push(received)
      this.onRequest(received)
    })
  }

  /** Removes and returns the oldest request without an answer, which may be about to arrive. */
  async next(): Promise<ReceivedRequest> {
    for (let turns = 0; turns < 10 && this.waiting.length === 0; turns++) await turn()
    const request = this.waiting.shift()
    if (request === undefined) throw new Error('the server has no request')
    return request
  }

  /** Calls {@link ReceivedRequest.accept} of the next request; the methods below do so with the others. */
  async accept(): Promise<void> {
    const request = await this.next()
    request.accept()
  }

  async answer(errors: readonly ItemError[], retryAfterMs?: number): Promise<void> {
    const request = await this.next()
    request.answer(errors, retryAfterMs)
  }

  async respond(status: number, body?: unknown, retryAfterMs?: number): Promise<void> {
    const request = await this.next()
    request.respond(status, body, retryAfterMs)
  }

  async cut(): Promise<void> {
    const request = await this.next()
    request.cut()
  }

  async fail(error: Error): Promise<void> {
    const request = await this.next()
    request.fail(error)
  }

  async close(): Promise<void> {
    this.closed = true
  }
}

function parsed(body: string): ReceivedOperation[] {
  const operations: ReceivedOperation[] = []
  const lines = body.split('\n')
  for (let at = 0; at < lines.length - 1; at++) {
    const [kind = '', action] = Object.entries(JSON.parse(lines[at] ?? '') as Record<string, Action>)[0] ?? []
    const document = kind === 'delete' ? undefined : lines[++at]
    operations.push({
      kind,
      target: action?._index ?? '',
      id: action?._id,
      version: action?.version,
      document,
    })
  }
  return operations
}

interface Action {
  readonly _index: string
  readonly _id?: string
  readonly version?: number
}
