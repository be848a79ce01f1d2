import { ConnectError } from '../../../../api/index.ts'
import type { SchemaAndValue } from '../../ports.ts'

/** Reads an object in step with another one that must have as many records. */
export class Lockstep {
  readonly #key: string
  readonly #batches: AsyncIterator<readonly SchemaAndValue[]>
  #left: readonly SchemaAndValue[] = []
  #at = 0

  constructor(key: string, batches: AsyncIterable<readonly SchemaAndValue[]>) {
    this.#key = key
    this.#batches = batches[Symbol.asyncIterator]()
  }

  /** Resolves to the next `count` values. Rejects with `HR_DATA_INVALID` if there are fewer. */
  async take(count: number): Promise<readonly SchemaAndValue[]> {
    const taken: SchemaAndValue[] = []
    while (taken.length < count) {
      if (this.#at === this.#left.length && !(await this.#fill())) throw this.#differs('fewer')
      const end = Math.min(this.#left.length, this.#at + count - taken.length)
      for (; this.#at < end; this.#at++) taken.push(this.#left[this.#at] as SchemaAndValue)
    }
    return taken
  }

  /** Reads all values that are left. */
  async *rest(): AsyncGenerator<readonly SchemaAndValue[]> {
    while (this.#at < this.#left.length || (await this.#fill())) {
      const batch = this.#left.slice(this.#at)
      this.#at = this.#left.length
      yield batch
    }
  }

  /** Rejects with `HR_DATA_INVALID` if there are more values. */
  async end(): Promise<void> {
    if (this.#at < this.#left.length || (await this.#fill())) throw this.#differs('more')
  }

  async cancel(): Promise<void> {
    await this.#batches.return?.()
  }

  async #fill(): Promise<boolean> {
    do {
      const next = await this.#batches.next()
      if (next.done === true) return false
      this.#left = next.value
      this.#at = 0
    } while (this.#left.length === 0)
    return true
  }

  #differs(how: 'fewer' | 'more'): ConnectError {
    return new ConnectError(
      'HR_DATA_INVALID',
      `the object ${this.#key} has ${how} records than the one that it belongs to, expected as many`,
    )
  }
}
