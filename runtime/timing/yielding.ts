/**
 * Lets timers and sockets run during a loop that may await only settled promises, which do not yield to the
 * event loop. The loop calls the returned function in each iteration, and awaits the promise that it returns
 * when `ms` milliseconds have passed.
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
