interface Stage {
  readonly description: string
  readonly startedAt: Date
}

/**
 * The current step of the herder, for error messages of requests that time out.
 *
 * Source: Stage, TickThreadStage.
 */
export class StageTracker {
  readonly #running = new Set<Stage>()
  #latest: Stage = { description: 'awaiting startup', startedAt: new Date() }
  /** When the latest stage completed; undefined while it runs. */
  #completedAt: Date | undefined

  /**
   * Runs a step and records it as the current stage meanwhile. `startedAt`: when it began, if it continues an earlier
   * step.
   */
  async during<T>(description: string, step: () => T | Promise<T>, startedAt = new Date()): Promise<T> {
    const stage = { description, startedAt }
    this.#running.add(stage)
    this.#latest = stage
    this.#completedAt = undefined
    try {
      return await step()
    } finally {
      this.#running.delete(stage)
      this.#complete(stage)
    }
  }

  /** A sentence for error messages. */
  summary(): string {
    const { description, startedAt } = this.#latest
    const began = `which began at ${startedAt.toISOString()}`
    if (this.#completedAt === undefined) return `The worker is currently ${description}, ${began}.`
    const completed = `completed at ${this.#completedAt.toISOString()}`
    return `The last operation the worker completed was ${description}, ${began} and ${completed}.`
  }

  /** When steps overlap, the current stage is the unfinished one that began last. */
  #complete(stage: Stage): void {
    const other = [...this.#running].at(-1)
    this.#latest = other ?? stage
    this.#completedAt = other === undefined ? new Date() : undefined
  }
}
