import { ConnectError } from '../../api/index.ts'
import { Changes } from '../timing/index.ts'

/** `soft`: take no new work, finish work in flight, commit. `hard`: abandon everything immediately. */
export interface Stop {
  readonly soft: AbortSignal
  readonly hard: AbortSignal
}

/** Pauses, resumes and stops a task from outside. The task's loop checks it between two steps. */
export class TaskControl {
  readonly #soft = new AbortController()
  readonly #hard = new AbortController()
  readonly #ending = new AbortController()
  readonly #changed = new Changes()
  #paused: boolean
  #failure: { readonly reason: unknown } | undefined
  #wake: () => void = () => {}
  readonly #releases: (() => Promise<void> | undefined)[] = []
  #released: Promise<unknown> | undefined

  constructor(paused: boolean) {
    this.#paused = paused
  }

  get stop(): Stop {
    return { soft: this.#soft.signal, hard: this.#hard.signal }
  }
  get paused(): boolean {
    return this.#paused
  }
  get stopping(): boolean {
    return this.#soft.signal.aborted
  }
  /** Aborted when the task begins to stop, or has failed. */
  get ending(): AbortSignal {
    return this.#ending.signal
  }
  /** The error that the task passed to `fail`. */
  get failure(): { readonly reason: unknown } | undefined {
    return this.#failure
  }

  setPaused(paused: boolean): void {
    this.#paused = paused
    this.#notify()
  }

  stopSoftly(): void {
    const reason = new Error('the task was asked to stop')
    this.#soft.abort(reason)
    this.end(reason)
    this.#notify()
  }

  /** Aborts {@link ending}. */
  end(reason: unknown): void {
    this.#ending.abort(reason)
  }

  /** Called when the task calls `fail`. Only the first call has an effect. */
  fail(error: unknown): void {
    if (this.#failure !== undefined) return
    const reason = error ?? new ConnectError('HR_CONNECT', 'The task called fail() without an error.')
    this.#failure = { reason }
    this.end(reason)
    this.#notify()
  }

  /** Throws the error that the task passed to `fail`, if any. */
  throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.reason
  }

  stopNow(): void {
    this.stopSoftly()
    this.abandon()
  }

  /** Abandons the task's code: aborts the hard signal, and calls the callbacks of {@link onStopNow}. */
  abandon(): void {
    this.#hard.abort(new Error('the task did not stop in time'))
    this.#released ??= Promise.allSettled(this.#releases.map(async (release) => release()))
  }

  /** Resolves when everything released by {@link abandon} has been released. */
  async released(): Promise<void> {
    await this.#released
  }

  /**
   * Registers a callback for {@link abandon} that releases what others wait for, whatever the task's code does. Called at
   * once if the task is abandoned already.
   */
  onStopNow(release: () => Promise<void> | undefined): void {
    this.#releases.push(release)
    if (this.#released !== undefined) {
      this.#released = Promise.allSettled([this.#released, (async () => release())()])
    }
  }

  /** Calls `wake` whenever the requested state of the task changes. */
  onChange(wake: () => void): void {
    this.#wake = wake
  }

  /**
   * Resolves when the task is resumed, stopped or failed by its code, when `ended` is aborted, and after `timeoutMs`.
   */
  async whilePaused(ended?: AbortSignal, timeoutMs = Infinity): Promise<void> {
    await this.#changed.waitFor(() => !this.#paused || this.#ending.signal.aborted, timeoutMs, ended)
  }

  #notify(): void {
    this.#changed.notify()
    this.#wake()
  }
}
