/**
 * Gives timers and sockets their turn in a loop that may never wait for anything: promises that are already settled go
 * on before the event loop does. The function that it answers is to be called once a round.
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
