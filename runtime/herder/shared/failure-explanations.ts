/** Explains failures of connectors and tasks after they have been reported. */
export class FailureExplanations {
  readonly #explain: (connector: string) => Promise<string> | undefined
  /** The last failure of each instance that has failed and not been started or stopped since. */
  readonly #last = new Map<string, symbol>()

  /** `explain` resolves to more about why a connector or its tasks cannot run; undefined if there is nothing to say. */
  constructor(explain: (connector: string) => Promise<string> | undefined) {
    this.#explain = explain
  }

  /** Calls `report` with the explanation when it is known, unless {@link over} has been called for the instance. */
  failed(instance: string, connector: string, report: (text: string) => void): void {
    const failure = Symbol(instance)
    const explanation = this.#explain(connector)
    if (explanation === undefined) return
    this.#last.set(instance, failure)
    explanation.then(
      (text) => {
        if (this.#last.get(instance) === failure) report(text)
      },
      () => {}, // the trace of the failure remains
    )
  }

  /** The instance no longer has the state in which it failed. */
  over(instance: string): void {
    this.#last.delete(instance)
  }
}
