import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filePipeline } from '../delivery/file-pipeline.ts'
import { distributedProps, sharedKafka, startWorker, waitFor } from '../services/index.ts'

test('task processes exit immediately when their worker is killed', async (t) => {
  const worker = await startWorker(t, { props: distributedProps(await sharedKafka()) })
  const pipeline = filePipeline()
  pipeline.source.append(1000)
  await pipeline.create(worker.rest)
  await pipeline.untilAllWritten()
  const pids = Object.values(await worker.rest.progress()).flatMap(({ tasks }) => tasks.map(({ pid }) => pid))
  assert.ok(pids.length === 2 && pids.every(isAlive))

  await worker.kill()

  const gone = () => (pids.some(isAlive) ? undefined : true)
  await waitFor(gone, { timeoutMs: 5000, what: 'the task processes to exit' })
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
