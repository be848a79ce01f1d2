import { ConnectError, isConnectError, messageOf, type ErrorCode } from '../../api/index.ts'

/** A message in a channel; supports structured cloning. */
type Message =
  | { readonly kind: 'call'; readonly id: number; readonly method: string; readonly args: readonly unknown[] }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: SentError }
  | { readonly kind: 'event'; readonly name: string; readonly args: readonly unknown[] }

/** An error serialized for another process: the fields that callers can act on, without the class. */
export interface SentError {
  readonly code: ErrorCode
  readonly message: string
  readonly javaClass: string | undefined
  readonly configKey: string | undefined
  readonly stack: string | undefined
  readonly cause: SentError | undefined
}

/** One end of a connection between two processes, or between two objects of one process in tests. */
export interface Port {
  send(message: unknown): void
  onMessage(receive: (message: unknown) => void): void
}

type Method = (...args: never[]) => unknown
export type Methods = Readonly<Record<string, Method>>

/** The methods of the other side, all of them asynchronous. */
export type Remote<M> = {
  readonly [K in keyof M]: M[K] extends (...args: infer A) => infer R
    ? (...args: A) => Promise<Awaited<R>>
    : never
}

/**
 * Remote calls and events between two processes. Methods return a result; events do not.
 *
 * Pending calls reject when {@link close} is called.
 */
export class Channel {
  readonly #port: Port
  readonly #open = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>()
  #methods: Methods = {}
  #events: Methods = {}
  #nextId = 1
  #closed: ConnectError | undefined

  constructor(port: Port) {
    this.#port = port
    port.onMessage((message) => this.#receive(message as Message))
  }

  /** Sets the methods that the other side may call, and the handlers of its events. */
  serve(methods: object, events: object = {}): void {
    this.#methods = methods as Methods
    this.#events = events as Methods
  }

  /** Returns a proxy for the methods of the other side. */
  remote<M>(): Remote<M> {
    return new Proxy({} as Remote<M>, {
      get: (_target, method) => {
        if (method === 'then') return undefined // keeps the proxy from being treated as a promise
        return (...args: unknown[]) => this.#call(String(method), args)
      },
    })
  }

  emit(name: string, ...args: unknown[]): void {
    if (this.#closed === undefined) this.#port.send({ kind: 'event', name, args } satisfies Message)
  }

  /** Rejects pending calls; nothing more is sent. */
  close(reason: ConnectError): void {
    this.#closed ??= reason
    for (const { reject } of this.#open.values()) reject(reason)
    this.#open.clear()
  }

  #call(method: string, args: readonly unknown[]): Promise<unknown> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed)
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#port.send({ kind: 'call', id, method, args } satisfies Message)
      this.#open.set(id, { resolve, reject })
    })
  }

  #receive(message: Message): void {
    if (message.kind === 'call') {
      void this.#answer(message.id, message.method, message.args)
    } else if (message.kind === 'event') {
      const handler = this.#events[message.name] as ((...args: readonly unknown[]) => void) | undefined
      handler?.(...message.args)
    } else {
      const open = this.#open.get(message.id)
      this.#open.delete(message.id)
      if (message.kind === 'result') open?.resolve(message.value)
      else open?.reject(receivedError(message.error))
    }
  }

  async #answer(id: number, method: string, args: readonly unknown[]): Promise<void> {
    try {
      const call = this.#methods[method] as ((...args: readonly unknown[]) => unknown) | undefined
      if (call === undefined) throw new TypeError(`the other process has no method ${method}`)
      const value = await call.apply(this.#methods, [...args])
      this.#port.send({ kind: 'result', id, value } satisfies Message)
    } catch (error) {
      this.#port.send({ kind: 'failure', id, error: sentError(error) } satisfies Message)
    }
  }
}

const MAX_CAUSES = 8

export function sentError(error: unknown, depth = 0): SentError {
  const cause =
    error instanceof Error && error.cause !== undefined && depth < MAX_CAUSES ? error.cause : undefined
  const known = isConnectError(error) ? error : undefined
  return {
    code: known?.code ?? 'HR_CONNECT',
    message: messageOf(error),
    javaClass: known?.javaClass ?? (error instanceof Error ? error.name : undefined),
    configKey: known?.configKey,
    stack: error instanceof Error ? error.stack : undefined,
    cause: cause === undefined ? undefined : sentError(cause, depth + 1),
  }
}

export function receivedError({
  code,
  message,
  javaClass,
  configKey,
  stack,
  cause,
}: SentError): ConnectError {
  const error = new ConnectError(code, message, {
    ...(javaClass === undefined ? {} : { javaClass }),
    ...(configKey === undefined ? {} : { configKey }),
    ...(cause === undefined ? {} : { cause: receivedError(cause) }),
  })
  if (stack !== undefined) error.stack = stack
  return error
}
