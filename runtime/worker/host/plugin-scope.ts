import { AsyncLocalStorage } from 'node:async_hooks'
import { writeSync } from 'node:fs'
import type { PluginCalls } from '../../task/index.ts'
import type { Owner } from '../protocol.ts'

/**
 * Keeps track of whose plugin code is running, for the day when it does not come back.
 *
 * The number is written to a file that the herder's process has open as well: it can still be read when this process
 * hangs or is gone. What plugin code does later, in timers and callbacks, is told by the asynchronous context.
 */
export class PluginScope {
  readonly #context = new AsyncLocalStorage<Owner>()
  readonly #mark = Buffer.alloc(4)
  readonly #fd: number | undefined

  /** `fd` is the shared file; without one only the asynchronous context is kept. */
  constructor(fd?: number) {
    this.#fd = fd
  }

  /** The owner of the code that runs right now; undefined for the worker's own. */
  get current(): Owner | undefined {
    return this.#context.getStore()
  }

  /** Runs everything that belongs to an owner; callbacks that come of it belong to it too. */
  within<T>(owner: Owner, run: () => T): T {
    return this.#context.run(owner, run)
  }

  /** Calls of one owner's plugin code. */
  calls(owner: Owner): PluginCalls {
    return {
      run: async (call) => {
        this.mark(owner)
        try {
          return call()
        } finally {
          this.mark(0)
        }
      },
    }
  }

  /** Says whose code runs from now on. */
  mark(owner: Owner): void {
    if (this.#fd === undefined) return
    this.#mark.writeInt32LE(owner)
    writeSync(this.#fd, this.#mark, 0, 4, 0)
  }
}
