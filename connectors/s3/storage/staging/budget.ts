/** Counts the memory of a task that holds bytes which are not stored yet. */
export class StagingBudget {
  #memory = 0
  #inFlight = 0
  #encoders = 0

  /** Memory of objects. */
  get memory(): number {
    return this.#memory
  }

  /** Memory of objects, of encoders, and of bodies that were read from the file for their request. */
  get total(): number {
    return this.#memory + this.#encoders + this.#inFlight
  }

  /** Called when an object occupies more, or with a negative number less. */
  hold(bytes: number): void {
    this.#memory += bytes
  }

  /** Called when a body is read from the file, and with a negative number when its request has ended. */
  send(bytes: number): void {
    this.#inFlight += bytes
  }

  set encoders(bytes: number) {
    this.#encoders = bytes
  }
}
