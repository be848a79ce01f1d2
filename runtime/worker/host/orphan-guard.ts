import { Worker } from 'node:worker_threads'

const CHECK_MS = 250

/**
 * Ends this process when its parent has exited, even while its main thread hangs in plugin code.
 *
 * Invariant 5: no task outlives its worker.
 *
 * The guard thread shares nothing with the main thread, so it cannot hang with it.
 */
export function exitWithoutParent(): void {
  const code = `
    const parent = process.ppid
    setInterval(() => {
      if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL')
    }, ${CHECK_MS})
  `
  const thread = new Worker(code, {
    eval: true,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
  })
  thread.unref()
}
