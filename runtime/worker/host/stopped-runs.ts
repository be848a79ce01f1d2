/**
 * Runs that were stopped before they started: a start that arrives later is rejected.
 *
 * The run numbers of an instance increase, so only the last one is kept.
 */
export class StoppedRuns {
  readonly #last = new Map<string, number>()

  add(instance: string, run: number): void {
    this.#last.set(instance, run)
  }

  /**
   * Returns whether this run was already stopped, and forgets the stored run. Later runs are not affected.
   */
  take(instance: string, run: number): boolean {
    const stopped = this.#last.get(instance)
    this.#last.delete(instance)
    return stopped !== undefined && run <= stopped
  }
}
