import type { TestContext } from 'node:test'
import { launchWorker, type HeadraceWorker, type WorkerOptions } from './headrace-worker.ts'

/** What a test knows of itself when it is over; Node 20 has it, its types do not. */
type FinishedTest = TestContext & { readonly passed: boolean }

const LOG_LINES = 60

/** A worker for one test: it ends with the test, and its log is shown when the test failed. */
export async function startWorker(t: TestContext, options: WorkerOptions): Promise<HeadraceWorker> {
  const worker = await launchWorker(options)
  t.after(async () => {
    await worker.stop()
    if ((t as FinishedTest).passed) return
    t.diagnostic(`log of the worker:\n${worker.log().trimEnd().split('\n').slice(-LOG_LINES).join('\n')}`)
  })
  return worker
}
