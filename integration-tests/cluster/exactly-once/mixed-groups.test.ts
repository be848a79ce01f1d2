import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { filePipeline } from '../../delivery/file-pipeline.ts'
import {
  sharedKafka,
  startJavaWorker,
  startWorker,
  waitFor,
  type ConnectorStatus,
  type RestClient,
} from '../../services/index.ts'
import { followTopic } from '../../topics/followed-topic.ts'
import { exactlyOnceProps } from './workers.ts'

const LINES = 2000
const PIPELINES = 2
const TIMEOUT_MS = 120_000

/** File sources with one task each, so that two workers share them. */
async function openSources(bootstrap: string) {
  const pipelines = Array.from({ length: PIPELINES }, () => filePipeline({ lines: { ascii: true } }))
  const readers = new Map<string, Awaited<ReturnType<typeof followTopic>>>()
  let change = 0
  return {
    close: () => Promise.all([...readers.values()].map((reader) => reader.close())),
    /** Creates or changes all sources, so that each task has a new generation, which requires a round of fencing. */
    async put(rest: RestClient) {
      change++
      for (const { connectors, source, topic } of pipelines) {
        const config = { 'connector.class': 'FileStreamSource', 'file': source.path, topic, 'tasks.max': '1' }
        await rest.put(connectors[0], { ...config, 'batch.size': String(1000 + change) })
      }
    },
    async untilShared(rest: RestClient, workers: number) {
      let last: (ConnectorStatus | undefined)[] = []
      await waitFor(
        async () => {
          last = await Promise.all(pipelines.map(({ connectors }) => rest.status(connectors[0])))
          const tasks = last.flatMap((status) => status?.tasks ?? [])
          const running = tasks.filter(({ state }) => state === 'RUNNING')
          const ids = new Set(running.map((task) => task.worker_id))
          return running.length === PIPELINES && ids.size === workers ? true : undefined
        },
        { timeoutMs: TIMEOUT_MS, what: () => `tasks on ${workers} workers: ${JSON.stringify(last)}` },
      )
    },
    /** Appends lines, and checks that readers of committed records have each line once. */
    async check() {
      for (const { source } of pipelines) source.append(LINES)
      for (const { source, topic } of pipelines) {
        const reader = readers.get(topic) ?? (await followTopic(bootstrap, topic))
        readers.set(topic, reader)
        await reader.untilComplete(source.lines)
        assert.equal(`${reader.values.join('\n')}\n`, readFileSync(source.path, 'utf8'))
      }
    },
  }
}

test('Java and Headrace workers fence for each other, whichever of them leads', async (t) => {
  const bootstrap = await sharedKafka()
  const { 'plugin.path': _, ...props } = exactlyOnceProps(bootstrap)
  const sources = await openSources(bootstrap)
  t.after(() => sources.close())

  const java = await startJavaWorker({ props })
  t.after(() => java.stop())
  await sources.put(java.rest)
  await sources.untilShared(java.rest, 1)
  await sources.check()
  const ours = await startWorker(t, { props })
  await sources.untilShared(java.rest, 2)
  await sources.put(ours.rest) // the Java leader fences for the task of the Headrace worker
  await sources.untilShared(java.rest, 2)
  await sources.check()

  await java.kill() // the Headrace worker takes over
  await sources.untilShared(ours.rest, 1)
  await sources.check()
  const javaAgain = await startJavaWorker({ props })
  t.after(() => javaAgain.stop())
  await sources.untilShared(ours.rest, 2)
  await sources.put(javaAgain.rest) // the Headrace leader fences for the task of the Java worker
  await sources.untilShared(ours.rest, 2)
  await sources.check()
})
