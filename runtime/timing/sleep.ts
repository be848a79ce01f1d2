import { setTimeout as wait } from 'node:timers/promises'

/** Waits; an abort only ends the wait early. True when the whole time has passed. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted === true) return false
  try {
    await wait(ms, undefined, signal === undefined ? undefined : { signal })
    return true
  } catch {
    return false
  }
}

/** What `promise` resolves to, or `late()` when it takes longer than `ms`. The promise itself goes on. */
export async function within<T, L>(ms: number, promise: Promise<T>, late: () => L): Promise<T | L> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(resolve, ms, LATE)
  })
  try {
    const first = await Promise.race([promise, timeout])
    return first === LATE ? late() : first
  } finally {
    clearTimeout(timer)
  }
}

const LATE = Symbol('late')

/** The error that a signal was aborted with. */
export function abortReason(signal: AbortSignal): Error {
  const reason: unknown = signal.reason
  return reason instanceof Error ? reason : new Error(String(reason))
}
