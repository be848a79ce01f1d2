import assert from 'node:assert/strict'
import { after, afterEach, test, type TestContext } from 'node:test'
import {
  deleteTopics,
  distributedProps,
  launchWorker,
  searchRequest,
  sharedKafka,
  startElasticsearch,
  startSearchProxy,
  stopAllChildren,
  storageTopics,
  waitFor,
  writeNumbers,
} from '../services/index.ts'
import { changesOf } from './pipeline/changes.ts'
import { createDocumentSink } from './pipeline/document-sink.ts'
import { overloadsIn } from './pipeline/overloads.ts'

/*
 * Faults of a server with its own limits: a queue of one request, no indexes that are created by requests, a login. What a
 * proxy does is in pipeline-faults.test.ts.
 */

const PARTITIONS = 2
const EACH = 4000
const BULK = 'POST _bulk'
const WRONG_PASSWORD = 'wrong-password-of-the-tests'

const kafka = await sharedKafka()
const server = await startElasticsearch({
  security: 'login',
  settings: {
    'thread_pool.write.size': '1',
    'thread_pool.write.queue_size': '1',
    'action.auto_create_index': 'false',
    'cluster.info.update.interval': '10s',
  },
})
const changes = changesOf({ partitions: PARTITIONS, each: EACH, documents: EACH / 4 })
const topic = await writeNumbers(kafka, {
  partitions: PARTITIONS,
  each: EACH,
  stepMs: 1,
  closing: false,
  recordOf: changes.recordOf,
})
await topic.written
const proxy = await startSearchProxy(server.url)
const props = distributedProps(kafka)
const worker = await launchWorker({ props })

afterEach(() => proxy.heal())
after(async () => {
  await worker.stop()
  await proxy.close()
  await deleteTopics(kafka, [topic.name, ...storageTopics(props)])
  await stopAllChildren()
})

const sinkOf = (t: TestContext, config: Readonly<Record<string, string>> = {}) =>
  createDocumentSink(t, {
    worker: () => worker,
    kafka,
    topic,
    changes,
    server,
    url: proxy.endpoint,
    config,
  })

test('wrong credentials are refused with one sentence', async (t) => {
  const sink = sinkOf(t)
  await sink.start()
  await assert.rejects(sink.start({ 'connection.password': WRONG_PASSWORD }), (error: Error) => {
    assert.match(error.message, /Could not authenticate the user\. Check the 'connection.username'/)
    assert.ok(!error.message.includes(WRONG_PASSWORD))
    return true
  })
  await sink.untilComplete()
})

test('more requests than the queue of the server takes: rejected operations are sent again, and the log has one line', async (t) => {
  const sink = sinkOf(t, { 'batch.size': '50', 'max.in.flight.requests': '20' })
  await sink.start()
  await sink.untilComplete()
  await worker.rest.request('PUT', `/connectors/${sink.name}/stop`)
  const overloads = await overloadsIn(worker, sink.name)
  assert.equal(overloads.length, 1)
  assert.ok((overloads[0]?.operations ?? 0) > 0)
  t.diagnostic(JSON.stringify({ ...overloads[0], peak: proxy.peakOf(BULK) }))
})

test('an index that is deleted while documents are written fails the task, which creates it again at its restart', async (t) => {
  const sink = sinkOf(t)
  const deleted = proxy
    .untilRequested(BULK, proxy.requests.filter(({ operation }) => operation === BULK).length + 1)
    .then(() => searchRequest(server, 'DELETE', `/${sink.index}`))
  proxy.fail(BULK, { kind: 'hold', until: () => deleted }, Infinity)
  await sink.start()
  const message = await sink.untilFailed()
  assert.match(message, new RegExp(`cannot write document \\S+ to ${sink.index}: .* 404, .*no such index`))
  assert.deepEqual(await sink.committed(), [0, 0])
  await sink.restart()
  await sink.untilComplete()
})

test('a node that dies while documents are written and comes back: no change is lost', async (t) => {
  const sink = sinkOf(t, { 'batch.size': '100' })
  const before = proxy.requests.filter(({ operation }) => operation === BULK).length
  const killed = proxy.untilRequested(BULK, before + 10).then(() => server.kill())
  proxy.fail(BULK, { kind: 'hold', until: () => Promise.resolve() }, 8)
  proxy.fail(BULK, { kind: 'hold', until: () => killed }, Infinity)
  await sink.start()
  await killed
  proxy.heal()
  await sink.untilRetrying(/the connection was cut/)
  await server.start()
  await sink.untilComplete()
})

test('a disk beyond the flood stage pauses the sink until there is room again, and nothing is reported', async (t) => {
  const watermarks = (stage: string | null) =>
    searchRequest(server, 'PUT', '/_cluster/settings', {
      persistent: Object.fromEntries([
        ['cluster.routing.allocation.disk.threshold_enabled', stage === null ? 'false' : 'true'],
        ...['low', 'high', 'flood_stage'].map((name) => [
          `cluster.routing.allocation.disk.watermark.${name}`,
          stage,
        ]),
      ]) as Record<string, string | null>,
    })
  const sink = sinkOf(t)
  const isBlocked = async () => {
    const { body } = await searchRequest(server, 'GET', `/${sink.index}/_settings`)
    return JSON.stringify(body).includes('read_only_allow_delete')
  }
  const beyond = proxy
    .untilRequested(BULK, proxy.requests.filter(({ operation }) => operation === BULK).length + 1)
    .then(() => watermarks('1%'))
    .then(() =>
      waitFor(async () => ((await isBlocked()) ? true : undefined), { timeoutMs: 60_000, what: 'the block' }),
    )
  proxy.fail(BULK, { kind: 'hold', until: () => beyond }, Infinity)
  t.after(() => watermarks(null))
  await sink.start({ 'read.timeout.ms': '60000' })
  await sink.untilRetrying(/disk usage exceeded flood-stage watermark/)
  await watermarks(null)
  await sink.untilComplete()
})

test('neither the log nor the status has shown a password', async () => {
  const { body } = await worker.rest.get('/headrace/connectors')
  for (const text of [worker.log(), JSON.stringify(body)]) {
    for (const secret of [WRONG_PASSWORD, server.login?.password ?? '', 'Basic ']) {
      assert.ok(!text.includes(secret), `found ${secret.slice(0, 6)}…`)
    }
  }
})
