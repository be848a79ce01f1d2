/**
 * Resolves to true when the promise has resolved, and to false when it has rejected, after `ms` milliseconds and when the
 * signal is aborted. Never rejects.
 */
export function resolvedWithin(promise: Promise<unknown>, ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (resolved: boolean) => () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', late)
      resolve(resolved)
    }
    const late = end(false)
    const timer = setTimeout(late, ms)
    if (signal.aborted) late()
    else signal.addEventListener('abort', late)
    promise.then(end(true), late)
  })
}
