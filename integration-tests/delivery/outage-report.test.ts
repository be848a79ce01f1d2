import assert from 'node:assert/strict'
import { test } from 'node:test'
import { headrace } from '../cli/command-line.ts'
import {
  createTopic,
  distributedProps,
  startKafka,
  startWorker,
  uniqueName,
  waitFor,
  type HeadraceWorker,
  type TaskProgress,
} from '../services/index.ts'
import { filePipeline } from './file-pipeline.ts'

const WAIT_MS = 60_000
const UNREACHABLE = /^cannot reach Kafka at [\d.:]+: /
/** The response of the Java worker after its broker was stopped. */
const UNHEALTHY =
  /^Worker was unable to handle this request and may be unable to handle other requests\. The worker is currently ensuring membership in the cluster, which began at [\dTZ.:-]+\.$/

interface Line {
  readonly level: string
  readonly msg: string
  readonly connector?: string
}

const linesOf = (worker: HeadraceWorker): Line[] =>
  worker
    .log()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line)

async function untilBlocked(worker: HeadraceWorker, name: string, wanted: (task: TaskProgress) => boolean) {
  let last: unknown
  return waitFor(
    async () => {
      const task = (await worker.rest.progress())[name]?.tasks[0]
      last = task
      return task !== undefined && wanted(task) ? task : undefined
    },
    { timeoutMs: WAIT_MS, what: () => `another \`blocked\` of ${name}: ${JSON.stringify(last)}` },
  )
}

const isBlocked = ({ blocked }: TaskProgress) => UNREACHABLE.test(blocked?.reason ?? '')

test('the worker and each task report a stopped broker once, in the log, /health and the progress', async (t) => {
  const kafka = await startKafka()
  t.after(() => kafka.stop())
  const [broker] = kafka.brokers
  assert.ok(broker !== undefined)
  const worker = await startWorker(t, { props: distributedProps(kafka.bootstrapServers) })
  const pipeline = filePipeline()
  await pipeline.create(worker.rest)
  pipeline.source.append(1000)
  await pipeline.untilAllWritten(WAIT_MS)
  assert.equal((await worker.rest.get('/health')).status, 200)

  await broker.stop()
  pipeline.source.append(1000)
  for (const name of pipeline.connectors) await untilBlocked(worker, name, isBlocked)
  const health = await waitFor(
    async () => {
      const answer = await worker.rest.get<{ status: string; message: string }>('/health')
      return answer.status === 200 ? undefined : answer
    },
    { timeoutMs: WAIT_MS, what: 'the worker to be unhealthy' },
  )
  assert.deepEqual([health.status, health.body.status], [500, 'unhealthy'])
  assert.match(health.body.message, UNHEALTHY)
  const { stdout } = await headrace(['status'], { env: { HEADRACE_URL: worker.rest.url } })
  assert.match(stdout, /blocked since [\dTZ.:-]+: cannot reach Kafka at /)

  await broker.start()
  for (const name of pipeline.connectors) await untilBlocked(worker, name, ({ blocked }) => blocked === null)
  await waitFor(async () => ((await worker.rest.get('/health')).status === 200 ? true : undefined), {
    timeoutMs: WAIT_MS,
    what: 'the worker to be healthy',
  })
  await pipeline.untilAllWritten(WAIT_MS)
  const owners = [undefined, ...pipeline.connectors]
  const ends = () => linesOf(worker).filter(({ msg }) => /^Kafka can be used again, after \d+ s$/.test(msg))
  await waitFor(() => (ends().length >= owners.length ? true : undefined), {
    timeoutMs: WAIT_MS,
    what: () => `the lines that report the end of the outage; there are ${JSON.stringify(ends())}`,
  })
  for (const owner of owners) {
    const begins = linesOf(worker).filter(
      ({ connector, level, msg }) => connector === owner && level === 'WARN' && UNREACHABLE.test(msg),
    )
    // More than one only if the broker was down for more than a minute, on a busy machine
    assert.equal(begins.filter(({ msg }) => msg.endsWith('; retrying')).length, 1, JSON.stringify(begins))
    assert.equal(ends().filter(({ connector }) => connector === owner).length, 1)
  }
})

test('a sink that waits for a topic reports it until the topic exists', async (t) => {
  const kafka = await startKafka({ props: { 'auto.create.topics.enable': 'false' } })
  t.after(() => kafka.stop())
  const worker = await startWorker(t, { props: distributedProps(kafka.bootstrapServers) })
  const name = uniqueName('sink')
  await worker.rest.put(name, { 'connector.class': 'FileStreamSink', 'topics': name, 'file': '/dev/null' })
  await untilBlocked(worker, name, ({ blocked }) => blocked?.reason === `topic ${name} does not exist`)
  await createTopic(kafka.bootstrapServers, name, {})
  await untilBlocked(worker, name, ({ blocked }) => blocked === null)
})
