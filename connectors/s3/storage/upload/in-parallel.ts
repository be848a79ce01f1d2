/**
 * Calls `work` for each item, for at most `limit` of them at a time. The first failure aborts the signal of the others, and
 * is the result once all have ended.
 */
export async function eachInParallel<T>(
  items: readonly T[],
  limit: number,
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const controller = new AbortController()
  const abort = (): void => controller.abort(signal.reason)
  signal.throwIfAborted()
  signal.addEventListener('abort', abort, { once: true })
  let failure: { readonly error: unknown } | undefined
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < items.length && failure === undefined) {
      try {
        await work(items[next++] as T, controller.signal)
      } catch (error) {
        failure ??= { error }
        controller.abort(error)
      }
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane))
  } finally {
    signal.removeEventListener('abort', abort)
  }
  if (failure !== undefined) throw failure.error
}
