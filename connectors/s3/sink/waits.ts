/**
 * Resolves to true when the promise has settled, and to false after `ms` milliseconds and when the signal is aborted. Never
 * rejects.
 */
export function settledWithin(promise: Promise<unknown>, ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (settled: boolean) => () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', late)
      resolve(settled)
    }
    const late = end(false)
    const timer = setTimeout(late, ms)
    if (signal.aborted) late()
    else signal.addEventListener('abort', late)
    promise.then(end(true), end(true))
  })
}
