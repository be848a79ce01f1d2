import { CommandError, errorText, exitCodes } from '../exit-codes.ts'

/** The results of a command for several arguments, in their order, and the errors of those that failed. */
export interface Results<T> {
  readonly done: readonly { readonly arg: string; readonly result: T }[]
  readonly failed: readonly unknown[]
}

/** Runs a function for each argument in turn, also after one has failed. */
export async function forEach<T>(
  args: readonly string[],
  run: (arg: string) => Promise<T>,
): Promise<Results<T>> {
  const done: { readonly arg: string; readonly result: T }[] = []
  const failed: unknown[] = []
  for (const arg of args) {
    try {
      done.push({ arg, result: await run(arg) })
    } catch (error) {
      failed.push(error)
    }
  }
  return { done, failed }
}

/** Throws a single error as it is; several as one CommandError with their messages. */
export function throwFailures(failed: readonly unknown[]): void {
  if (failed.length === 0) return
  if (failed.length === 1) throw failed[0]
  const texts = new Set(failed.map(errorText))
  throw new CommandError([...texts].join('\nheadrace: '), exitCodes.failed)
}
