import { AsyncLocalStorage } from 'node:async_hooks'
import { writeSync } from 'node:fs'
import type { PluginCalls } from '../../task/index.ts'
import type { Owner } from '../protocol.ts'

/**
 * Tracks the owner of the plugin code that is running, to find the culprit when the process hangs or crashes.
 *
 * Writes the owner to a file that the herder's process also has open: it remains readable when this process
 * hangs or has exited. In timers and callbacks, the asynchronous context identifies the owner.
 */
export class PluginScope {
  readonly #context = new AsyncLocalStorage<Owner>()
  readonly #mark = Buffer.alloc(4)
  readonly #fd: number | undefined

  /** `fd` is the shared file; without it, only the asynchronous context is tracked. */
  constructor(fd?: number) {
    this.#fd = fd
  }

  /** The owner of the code that is running; undefined for the worker's own code. */
  get current(): Owner | undefined {
    return this.#context.getStore()
  }

  /** Runs a function on behalf of an owner; its callbacks belong to that owner too. */
  within<T>(owner: Owner, run: () => T): T {
    return this.#context.run(owner, run)
  }

  /** Returns the wrapper for calls into one owner's plugin code. */
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

  /** Marks the owner of the code that runs next. */
  mark(owner: Owner): void {
    if (this.#fd === undefined) return
    this.#mark.writeInt32LE(owner)
    writeSync(this.#fd, this.#mark, 0, 4, 0)
  }
}
