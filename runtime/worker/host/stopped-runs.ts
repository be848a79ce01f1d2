/**
 * Runs that were stopped before they were started here: their start, should it still come, is refused.
 *
 * Runs of one instance grow, so that the last one per instance is enough.
 */
export class StoppedRuns {
  readonly #last = new Map<string, number>()

  add(instance: string, run: number): void {
    this.#last.set(instance, run)
  }

  /** Whether this run was stopped already. Later runs are not concerned, and end what was kept for earlier ones. */
  take(instance: string, run: number): boolean {
    const stopped = this.#last.get(instance)
    this.#last.delete(instance)
    return stopped !== undefined && run <= stopped
  }
}
