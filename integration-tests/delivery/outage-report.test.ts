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
import { arrivalOf } from './line-file.ts'

const WAIT_MS = 60_000
const UNREACHABLE = /^cannot reach Kafka at [\d.:]+: /
/** The response of the Java worker after its broker was stopped, followed by the reason. */
const UNHEALTHY =
  /^Worker was unable to handle this request and may be unable to handle other requests\. The worker is currently ensuring membership in the cluster, which began at [\dTZ.:-]+\. Reason: (?:cannot reach|no response from) Kafka at .+\.$/

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

async function untilHealth(worker: HeadraceWorker, status: 200 | 500) {
  return waitFor(
    async () => {
      const answer = await worker.rest.get<{ status: string; message: string }>('/health')
      return answer.status === status ? answer.body : undefined
    },
    { timeoutMs: WAIT_MS, what: `the worker to answer /health with ${status}` },
  )
}

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
  const health = await untilHealth(worker, 500)
  assert.equal(health.status, 'unhealthy')
  assert.match(health.message, UNHEALTHY)
  const { stdout } = await headrace(['status'], { env: { HEADRACE_URL: worker.rest.url } })
  assert.match(stdout, /blocked since [\dTZ.:-]+: cannot reach Kafka at /)

  await broker.start()
  for (const name of pipeline.connectors) await untilBlocked(worker, name, ({ blocked }) => blocked === null)
  await untilHealth(worker, 200)
  await pipeline.untilAllWritten(WAIT_MS)
  const owners = [undefined, ...pipeline.connectors]
  const ends = () => linesOf(worker).filter(({ msg }) => /^Kafka is available again after \d+ s$/.test(msg))
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

/** A producer drops its connections when the session of its worker ends, so that it no longer waits for a response. */
const SILENT =
  /^no response from Kafka at [\d.:]+ for \d+ s|^cannot reach Kafka at [\d.:]+: The worker has had no contact with its group/

test('the worker and each task report a broker that keeps its connections open but does not respond', async (t) => {
  const kafka = await startKafka()
  t.after(() => kafka.stop())
  const [broker] = kafka.brokers
  assert.ok(broker !== undefined)
  const props = { ...distributedProps(kafka.bootstrapServers), 'offset.flush.interval.ms': '1000' }
  const worker = await startWorker(t, { props })
  const pipeline = filePipeline()
  await pipeline.create(worker.rest)
  pipeline.source.append(1000)
  await pipeline.untilAllWritten(WAIT_MS)

  await broker.freeze()
  t.after(() => broker.thaw())
  pipeline.source.append(1000)
  const frozenAt = Date.now()
  const since = (what: string) => t.diagnostic(`${what} after ${(Date.now() - frozenAt) / 1000} s`)
  const [health] = await Promise.all([
    untilHealth(worker, 500).finally(() => since('/health is 500')),
    ...pipeline.connectors.map((name) =>
      untilBlocked(worker, name, ({ blocked }) => blocked !== null).finally(() =>
        since(`${name} is blocked`),
      ),
    ),
  ])
  assert.match(health.message, UNHEALTHY)
  for (const name of pipeline.connectors)
    await untilBlocked(worker, name, ({ blocked }) => SILENT.test(blocked?.reason ?? ''))

  await broker.thaw()
  for (const name of pipeline.connectors) await untilBlocked(worker, name, ({ blocked }) => blocked === null)
  await untilHealth(worker, 200)
  await pipeline.untilLastLine()
  const { missing, damaged, gaps } = arrivalOf(pipeline.sinkFile, pipeline.source)
  assert.deepEqual({ missing, damaged, gaps }, { missing: 0, damaged: [], gaps: [] })
  const failed = linesOf(worker).filter(({ msg }) => msg.startsWith('offsets could not be'))
  assert.deepEqual(
    failed.filter(({ level }) => level !== 'WARN'),
    [],
  )
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
