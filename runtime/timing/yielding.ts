/**
 * Lets timers and sockets run during a loop that may await only settled promises, which do not yield to the
 * event loop. Call the returned function once per iteration. It returns a promise to await every `ms`
 * milliseconds.
 */
export function yieldEvery(ms: number): () => Promise<void> | undefined {
  let due = Date.now() + ms
  return () => {
    if (Date.now() < due) return undefined
    return new Promise((resolve) => {
      setImmediate(() => {
        due = Date.now() + ms
        resolve()
      })
    })
  }
}
