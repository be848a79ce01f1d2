/**
 * A question to someone far away that many ask at once. Each gets an answer to a question that was asked after it came:
 * those who come while one is under way share the next.
 */
export class JoinedCall<T> {
  readonly #call: () => Promise<T>
  #current: Promise<T> | undefined
  #next: Promise<T> | undefined

  constructor(call: () => Promise<T>) {
    this.#call = call
  }

  /** The answer, or what kept it from coming. */
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
