const CHECK_MS = 500

/** What is known of how a process was started. */
interface Origin {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Process id of the current parent. */
  parent(): number
}

const ofThisProcess: Origin = { env: process.env, parent: () => process.ppid }

/**
 * Resolves once npx, where this process was started by it, has ended: npx ends on SIGTERM and passes it on to its
 * shell only, which would leave a worker behind that nobody knows of. Never resolves for a process started otherwise.
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
