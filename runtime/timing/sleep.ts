import { setMaxListeners } from 'node:events'
import { startTimer, type Timer } from './timer.ts'

/** Waits for `ms` or until an abort. Resolves to true if the whole time has passed. */
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
 * Settles like `promise`, or resolves to `late()` after `ms` or on abort, whichever comes first. The promise
 * itself is not cancelled.
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
  setMaxListeners(0, signal) // Node warns of a leak for more than ten listeners
  signal.addEventListener('abort', listener, { once: true })
  return () => signal.removeEventListener('abort', listener)
}

/** Settles like `promise`, or rejects with the reason of the signal if it is aborted first. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(abortReason(signal))
    const unlisten = onAbort(signal, abort)
    if (signal.aborted) abort()
    void promise.then(resolve, reject).finally(unlisten)
  })
}

/** Returns the reason of an aborted signal as an error. */
export function abortReason(signal: AbortSignal): Error {
  const reason: unknown = signal.reason
  return reason instanceof Error ? reason : new Error(String(reason))
}
