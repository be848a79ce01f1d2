import type { TestContext } from 'node:test'
import { launchWorker, type HeadraceWorker, type WorkerOptions } from './headrace-worker.ts'

/** The result of a test, which Node 20 provides but its types lack. */
type FinishedTest = TestContext & { readonly passed: boolean }

const LOG_LINES = 60

/** The processes of a test are started on few cores; by default, a worker has a task process for each core. */
const small = { 'task.processes': '1' }

/** Starts a worker with one task process that stops at the end of the test. Its log is shown if the test fails. */
export async function startWorker(t: TestContext, options: WorkerOptions): Promise<HeadraceWorker> {
  const worker = await launchWorker({ ...options, props: { ...small, ...options.props } })
  t.after(async () => {
    await worker.stop()
    if ((t as FinishedTest).passed) return
    t.diagnostic(`log of the worker:\n${worker.log().trimEnd().split('\n').slice(-LOG_LINES).join('\n')}`)
  })
  return worker
}
