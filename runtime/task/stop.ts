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
  readonly #changed = new Changes()
  #paused: boolean
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

  setPaused(paused: boolean): void {
    this.#paused = paused
    this.#notify()
  }

  stopSoftly(): void {
    this.#soft.abort(new Error('the task was asked to stop'))
    this.#notify()
  }

  stopNow(): void {
    this.stopSoftly()
    this.#hard.abort(new Error('the task did not stop in time'))
    this.#released ??= Promise.allSettled(this.#releases.map(async (release) => release()))
  }

  /** Resolves when everything that {@link stopNow} releases is released. */
  async released(): Promise<void> {
    await this.#released
  }

  /** Calls `release` in {@link stopNow}: others wait for what the task holds, whatever its code does. */
  onStopNow(release: () => Promise<void> | undefined): void {
    this.#releases.push(release)
  }

  /** Calls `wake` whenever something is asked of the task. */
  onChange(wake: () => void): void {
    this.#wake = wake
  }

  /** Resolves when the task is resumed or asked to stop, or `ended` is aborted. */
  async whileResting(ended?: AbortSignal): Promise<void> {
    await this.#changed.waitFor(() => !this.#paused || this.stopping, Infinity, ended)
  }

  #notify(): void {
    this.#changed.notify()
    this.#wake()
  }
}
