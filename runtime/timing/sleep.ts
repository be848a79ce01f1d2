import { setMaxListeners } from 'node:events'
import { startTimer, type Timer } from './timer.ts'

/** Waits; an abort ends the wait early. Returns whether the whole time has passed. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted === true) return false
  return new Promise((resolve) => {
    const forgetAbort = onAbort(signal, () => {
      timer.cancel()
      resolve(false)
    })
    const timer = startTimer(ms, () => {
      forgetAbort()
      resolve(true)
    })
  })
}

/**
 * What `promise` resolves to, or `late()` when it takes longer than `ms` or until the signal is aborted. The promise itself
 * is not cancelled.
 */
export async function within<T, L>(
  ms: number,
  promise: Promise<T>,
  late: () => L,
  signal?: AbortSignal,
): Promise<T | L> {
  let timer: Timer | undefined
  let forgetAbort: (() => void) | undefined
  const tooLong = new Promise<typeof LATE>((resolve) => {
    timer = startTimer(ms, () => resolve(LATE))
    forgetAbort = onAbort(signal, () => resolve(LATE))
    if (signal?.aborted === true) resolve(LATE)
  })
  try {
    const first = await Promise.race([promise, tooLong])
    return first === LATE ? late() : first
  } finally {
    timer?.cancel()
    forgetAbort?.()
  }
}

const LATE = Symbol('late')

/** Calls `listener` once on abort. Returns a function that removes it. Any number may listen to one signal. */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal === undefined) return () => {}
  setMaxListeners(0, signal) // Node warns of a leak beyond ten listeners
  signal.addEventListener('abort', listener, { once: true })
  return () => signal.removeEventListener('abort', listener)
}

/** Settles as `promise` does, unless the signal is aborted first: then it rejects with the reason. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(abortReason(signal))
    const unlisten = onAbort(signal, abort)
    if (signal.aborted) abort()
    void promise.then(resolve, reject).finally(unlisten)
  })
}

/** The error that a signal was aborted with. */
export function abortReason(signal: AbortSignal): Error {
  const reason: unknown = signal.reason
  return reason instanceof Error ? reason : new Error(String(reason))
}
