const CHECK_MS = 500

/** Environment and parent of a process. */
interface Origin {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Process id of the current parent. */
  parent(): number
}

const ofThisProcess: Origin = { env: process.env, parent: () => process.ppid }

/**
 * Resolves once the npx that started this process has exited. On SIGTERM npx exits and forwards the signal only to
 * its shell, which would leave an orphaned worker. Never resolves when npx did not start this process.
 */
export function npxEnded({ env, parent }: Origin = ofThisProcess, checkMs = CHECK_MS): Promise<void> {
  return new Promise((resolve) => {
    if (env['npm_command'] !== 'exec') return
    const first = parent()
    const timer = setInterval(() => {
      if (parent() === first) return
      clearInterval(timer)
      resolve()
    }, checkMs)
    timer.unref()
  })
}
