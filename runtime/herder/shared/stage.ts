/** What the herder is doing, for who waits for it. Source: Stage, TickThreadStage. */
export class StageTracker {
  #description = 'awaiting startup'
  #startedAt = new Date()
  #completedAt: Date | undefined

  /** Runs a step and says so meanwhile. */
  async during<T>(description: string, step: () => T | Promise<T>): Promise<T> {
    this.#description = description
    this.#startedAt = new Date()
    this.#completedAt = undefined
    try {
      return await step()
    } finally {
      this.#completedAt = new Date()
    }
  }

  /** A sentence for error messages. */
  summary(): string {
    const began = `which began at ${this.#startedAt.toISOString()}`
    if (this.#completedAt === undefined) return `The worker is currently ${this.#description}, ${began}.`
    const completed = `completed at ${this.#completedAt.toISOString()}`
    return `The last operation the worker completed was ${this.#description}, ${began} and ${completed}.`
  }
}
