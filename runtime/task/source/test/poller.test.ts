import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { sourceRecord } from '../../../../api/index.ts'
import { Retries } from '../../context/retries.ts'
import { newTaskMetrics } from '../../metrics.ts'
import { Journal, plainCalls } from '../../test/task-parts.ts'
import { Poller } from '../poller.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as (options?: { readonly type: 'minor' }) => void

test('minor garbage collections free the records of earlier polls', async () => {
  const items = 2000
  const metrics = newTaskMetrics()
  const poller = new Poller(
    {
      poll: async () => [
        sourceRecord({
          topic: 't',
          sourcePartition: null,
          sourceOffset: null,
          value: Array.from({ length: items }),
        }),
      ],
    },
    { calls: plainCalls, metrics, retries: new Retries(metrics, new Journal().log) },
  )
  const pollAndCollect = async (times: number) => {
    for (let time = 0; time < times; time++) {
      await poller.next()
      collectGarbage({ type: 'minor' })
    }
  }
  await pollAndCollect(20)
  collectGarbage()
  const before = process.memoryUsage().heapUsed
  await pollAndCollect(200)

  const kept = (process.memoryUsage().heapUsed - before) / (items * 8)
  assert.ok(kept < 100, `the heap holds the values of ${Math.round(kept)} of 200 polls`)
})
