/** The topics that a task uses. Reports each topic once, and again after `forget`. Source: KIP-558. */
export class ActiveTopics {
  readonly #tell: (topic: string) => void
  readonly #known = new Set<string>()
  #last: string | undefined

  constructor(tell: (topic: string) => void) {
    this.#tell = tell
  }

  /**
   * Notes the topic of a record read or written. Called per record; consecutive records mostly share a topic.
   */
  readonly note = (topic: string): void => {
    if (topic === this.#last) return
    this.#last = topic
    if (this.#known.has(topic)) return
    this.#known.add(topic)
    this.#tell(topic)
  }

  forget(): void {
    this.#known.clear()
    this.#last = undefined
  }
}
