/** Which topics a task uses: each is told of once, and once more after they were forgotten. Source: KIP-558. */
export class ActiveTopics {
  readonly #tell: (topic: string) => void
  readonly #known = new Set<string>()
  #last: string | undefined

  constructor(tell: (topic: string) => void) {
    this.#tell = tell
  }

  /** A record came from or went to a topic. Called for each record: most are of the same topic as the one before. */
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
