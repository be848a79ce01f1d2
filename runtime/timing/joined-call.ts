/**
 * Coalesces concurrent calls of a remote operation. A caller never gets the result of a call that started
 * before its own: callers that arrive while a call is in progress share the next one.
 */
export class JoinedCall<T> {
  readonly #call: () => Promise<T>
  #current: Promise<T> | undefined
  #next: Promise<T> | undefined

  constructor(call: () => Promise<T>) {
    this.#call = call
  }

  /** Resolves to the result of a call that starts now or later. Rejects with its error. */
  ask(): Promise<T> {
    if (this.#current === undefined) return this.#start()
    const start = () => this.#start()
    this.#next ??= this.#current.then(start, start)
    return this.#next
  }

  #start(): Promise<T> {
    this.#next = undefined
    const call = this.#call()
    const end = () => {
      if (this.#current === call) this.#current = undefined
    }
    this.#current = call
    call.then(end, end)
    return call
  }
}
