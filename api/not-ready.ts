const BRAND = Symbol.for('headrace.not-ready')

/**
 * Thrown by a converter that has to wait for something, such as a schema from a registry. The worker waits for the
 * promise, then converts the same record again. This does not count as a failure: it is not logged, counted or retried
 * as one, and the order of the records is kept.
 *
 * If the promise rejects, the record fails as if the converter had thrown the reason: the `errors.*` settings apply,
 * and a retriable error is retried. A record for which a converter throws NotReady 100 times fails.
 *
 * Start an operation once and keep its promise: the worker may stop waiting, for example when the task is paused, and
 * convert the record again later.
 *
 * Differs: a converter in Kafka Connect blocks the thread of its task.
 */
export class NotReady extends Error {
  readonly [BRAND] = true
  readonly ready: Promise<unknown>

  /** `waitingFor` is shown in the log after a few seconds, for example `schema 7 of http://registry:8081`. */
  constructor(ready: PromiseLike<unknown>, waitingFor?: string) {
    super(waitingFor === undefined ? 'not ready' : `not ready: waiting for ${waitingFor}`)
    this.ready = Promise.resolve(ready)
    this.ready.catch(() => {}) // it may not be awaited
  }

  override get name(): string {
    return 'NotReady'
  }
}

/** Whether a value is a {@link NotReady}, including one of another copy of this package. */
export function isNotReady(error: unknown): error is NotReady {
  return typeof error === 'object' && error !== null && BRAND in error
}
