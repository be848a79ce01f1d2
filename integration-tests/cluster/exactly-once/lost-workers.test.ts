import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { test, type TestContext } from 'node:test'
import { filePipeline } from '../../delivery/file-pipeline.ts'
import { sharedKafka, startWorker, waitFor, type HeadraceWorker } from '../../services/index.ts'
import { followTopic } from '../../topics/followed-topic.ts'
import { exactlyOnceProps } from './workers.ts'

const LINES = 10_000
const ROUNDS = 3
const TIMEOUT_MS = 90_000
/** Longer than the session and the time to give the work to another worker. */
const FROZEN_MS = 12_000

/** Two workers with a file source, whose lines a reader of committed records counts. */
async function startPair(t: TestContext) {
  const bootstrap = await sharedKafka()
  const props = exactlyOnceProps(bootstrap)
  const workers = await Promise.all([startWorker(t, { props }), startWorker(t, { props })])
  const { source, topic, connectors } = filePipeline()
  const [name] = connectors
  await workers[0].rest.put(name, { 'connector.class': 'FileStreamSource', 'file': source.path, topic })
  source.append(1)
  const committed = await followTopic(bootstrap, topic)
  t.after(() => committed.close())
  /** Appends lines, and waits until some of them have arrived. */
  const untilSome = async () => {
    const before = source.lines
    source.append(LINES)
    const count = randomInt(before, source.lines)
    await waitFor(() => (committed.values.length >= count ? true : undefined), {
      timeoutMs: TIMEOUT_MS,
      what: () => `${count} lines; there are ${committed.values.length}`,
    })
  }
  const ownerOfTask = async (rest: HeadraceWorker['rest']) => {
    const [task] = (await rest.untilState(name, 'RUNNING')).tasks
    return workers.find((worker) => worker.rest.url.endsWith(task?.worker_id ?? 'nobody'))
  }
  const assertComplete = async () => {
    source.append(LINES)
    await committed.untilComplete(source.lines)
    assert.equal(`${committed.values.join('\n')}\n`, readFileSync(source.path, 'utf8'))
  }
  return { props, workers, untilSome, ownerOfTask, assertComplete }
}

test('no line is lost or repeated for readers of committed records when workers are killed', async (t) => {
  const { props, workers, untilSome, ownerOfTask, assertComplete } = await startPair(t)
  for (let round = 0; round < ROUNDS; round++) {
    await untilSome()
    const owner = await ownerOfTask(workers[0].rest)
    assert.ok(owner !== undefined)
    workers.splice(workers.indexOf(owner), 1)
    await owner.kill()
    workers.push(await startWorker(t, { props }))
  }
  await assertComplete()
})

test('no line is lost or repeated when a worker is suspended for longer than its session', async (t) => {
  const { workers, untilSome, ownerOfTask, assertComplete } = await startPair(t)
  for (let round = 0; round < ROUNDS; round++) {
    await untilSome()
    const owner = await ownerOfTask(workers[0].rest)
    const other = workers.find((worker) => worker !== owner)
    assert.ok(owner !== undefined && other !== undefined)
    owner.signal('SIGSTOP') // its task processes go on writing until they are fenced
    await Promise.all([untilSome(), sleep(FROZEN_MS)])
    owner.signal('SIGCONT')
  }
  await assertComplete()
})
