/** Something that a test lets happen when it wants. */
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

/** Runs all that is ready to run: promises, and callbacks of the event loop. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const DEADLINE_MS = 5000

/** Resolves once the condition holds; rejects when that takes suspiciously long. */
export async function eventually(condition: () => boolean, what = String(condition)): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`it never came to be that ${what}`)
    await settle()
  }
}
