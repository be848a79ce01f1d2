import { setTimeout as sleep } from 'node:timers/promises'

const PAUSE_MS = 50

export interface WaitOptions {
  readonly timeoutMs: number
  /** What is waited for, and what is there instead; asked when time is up. */
  readonly what: string | (() => string)
}

/** Asks again and again until the answer is not undefined; throws when time is up. */
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
