/**
 * A signal that is aborted with another one, or by itself. Release it in the end: unlike `AbortSignal.any`, it then leaves
 * nothing behind at a signal that lives as long as the task.
 */
export class LinkedAbort {
  readonly #controller = new AbortController()
  readonly #outer: AbortSignal
  readonly #onAbort = () => this.#controller.abort(this.#outer.reason)

  constructor(outer: AbortSignal) {
    this.#outer = outer
    if (outer.aborted) this.#onAbort()
    else outer.addEventListener('abort', this.#onAbort, { once: true })
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  abortAndRelease(): void {
    this.#outer.removeEventListener('abort', this.#onAbort)
    this.#controller.abort()
  }
}
