import { setTimeout as sleep } from 'node:timers/promises'
import type { RestClient } from '../services/index.ts'

const PAUSE_MS = 100

/** The responses of a worker while it was watched. */
export interface Answers {
  readonly slowestMs: number
  /** Responses other than 200. */
  readonly failures: readonly string[]
}

/** Sends requests to a worker repeatedly until it is stopped. */
export function watchAnswers(rest: RestClient, paths: readonly string[]): { stop(): Promise<Answers> } {
  const over = new AbortController()
  const watching = watch(rest, paths, over.signal)
  return {
    stop() {
      over.abort()
      return watching
    },
  }
}

async function watch(rest: RestClient, paths: readonly string[], over: AbortSignal): Promise<Answers> {
  let slowestMs = 0
  const failures: string[] = []
  while (!over.aborted) {
    for (const path of paths) {
      const start = performance.now()
      const { status } = await rest.get(path)
      slowestMs = Math.max(slowestMs, performance.now() - start)
      if (status !== 200) failures.push(`${path}: ${status}`)
    }
    await sleep(PAUSE_MS)
  }
  return { slowestMs, failures }
}
