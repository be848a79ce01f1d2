/** A promise that a test resolves at the moment it chooses. */
export interface Gate<T = void> {
  readonly opened: Promise<T>
  open(value: T): void
  break(error: Error): void
}

export function gate<T = void>(): Gate<T> {
  let open!: (value: T) => void
  let fail!: (error: Error) => void
  const opened = new Promise<T>((resolve, reject) => {
    open = resolve
    fail = reject
  })
  return { opened, open, break: fail }
}

/** Lets pending promises and event loop callbacks run. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const DEADLINE_MS = 5000

/** Resolves when the condition holds. Rejects if that takes too long. */
export async function eventually(condition: () => boolean, what = String(condition)): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`it never came to be that ${what}`)
    await settle()
  }
}
