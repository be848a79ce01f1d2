import { setTimeout as sleep } from 'node:timers/promises'

const PAUSE_MS = 50

export interface WaitOptions {
  readonly timeoutMs: number
  /** The expected and the actual result of `ask`, for the error. A function is called after the timeout. */
  readonly what: string | (() => string)
}

/** Polls `ask` until it returns a value other than undefined. Throws after the timeout. */
export async function waitFor<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  { timeoutMs, what }: WaitOptions,
): Promise<T> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (performance.now() > deadline) {
      throw new Error(`waited ${timeoutMs} ms for ${typeof what === 'string' ? what : what()}`)
    }
    await sleep(PAUSE_MS)
  }
}
