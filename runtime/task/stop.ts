import { ConnectError } from '../../api/index.ts'
import { Changes } from '../timing/index.ts'

/** `soft`: take no new work, finish what is in flight, commit. `hard`: let go of everything now. */
export interface Stop {
  readonly soft: AbortSignal
  readonly hard: AbortSignal
}

/** How a task is steered from outside: paused, resumed, stopped. The loop looks at it between two steps. */
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
  /** Aborted when the task begins to stop, and when it has failed. */
  get ending(): AbortSignal {
    return this.#ending.signal
  }
  /** What the task's code said that it failed with. */
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

  /** The task's code asks for the task to fail. Only the first call counts. */
  fail(error: unknown): void {
    if (this.#failure !== undefined) return
    const reason = error ?? new ConnectError('HR_CONNECT', 'The task called fail() without an error.')
    this.#failure = { reason }
    this.end(reason)
    this.#notify()
  }

  /** Throws what the task's code failed the task with, if it did. */
  throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.reason
  }

  stopNow(): void {
    this.stopSoftly()
    this.letGo()
  }

  /** Gives up on the task's code: aborts the hard signal, and releases what {@link onStopNow} was given. */
  letGo(): void {
    this.#hard.abort(new Error('the task did not stop in time'))
    this.#released ??= Promise.allSettled(this.#releases.map(async (release) => release()))
  }

  /** Resolves when everything that {@link letGo} releases is released. */
  async released(): Promise<void> {
    await this.#released
  }

  /** Calls `release` in {@link letGo}: others wait for what the task holds, whatever its code does. */
  onStopNow(release: () => Promise<void> | undefined): void {
    this.#releases.push(release)
  }

  /** Calls `wake` whenever something is asked of the task. */
  onChange(wake: () => void): void {
    this.#wake = wake
  }

  /** Resolves when the task is resumed, asked to stop or failed by its code, or `ended` is aborted. */
  async whileResting(ended?: AbortSignal): Promise<void> {
    await this.#changed.waitFor(() => !this.#paused || this.#ending.signal.aborted, Infinity, ended)
  }

  #notify(): void {
    this.#changed.notify()
    this.#wake()
  }
}
