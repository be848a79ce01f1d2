import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, afterEach, suite, test, type TestContext } from 'node:test'
import {
  deleteTopics,
  distributedProps,
  launchWorker,
  peakMemory,
  searchDocuments,
  searchRequest,
  sharedElasticsearch,
  sharedKafka,
  startProxy,
  startSearchProxy,
  storageTopics,
  waitFor,
  writeNumbers,
  type SearchFault,
} from '../services/index.ts'
import { changesOf } from './pipeline/changes.ts'
import { createDocumentSink, type DocumentSink } from './pipeline/document-sink.ts'
import { overloadsIn } from './pipeline/overloads.ts'

/** Length of an outage. Set it to 20 or more to see that time does not matter. */
const OUTAGE_MS = 1000 * Number(process.env['ELASTICSEARCH_OUTAGE_SECONDS'] ?? 4)
const PARTITIONS = 2
const EACH = 5000
const BUFFERED = 5000
/** Records that are converted at a time, by which the limit can be exceeded. */
const CHUNK = 500
const MIB = 1024 * 1024
/** The bound of the memory of a task process. */
const MEMORY = 300 * MIB
const BULK = 'POST _bulk'

const kafka = await sharedKafka()
const server = await sharedElasticsearch()
const changes = changesOf({ partitions: PARTITIONS, each: EACH, documents: EACH / 4, textLength: 1000 })
const topic = await writeNumbers(kafka, {
  partitions: PARTITIONS,
  each: EACH,
  stepMs: 1,
  closing: false,
  recordOf: changes.recordOf,
})
await topic.written
const proxy = await startSearchProxy(server.url)
const address = new URL(server.url)
const network = await startProxy(address.hostname, Number(address.port))
const props = distributedProps(kafka)
const worker = await launchWorker({ props })

afterEach(() => proxy.heal())
after(async () => {
  await worker.stop()
  await Promise.all([proxy.close(), network.close()])
  await deleteTopics(kafka, [topic.name, ...storageTopics(props)])
})

const sinkOn = (t: TestContext, url: string, config: Readonly<Record<string, string>> = {}) =>
  createDocumentSink(t, { worker: () => worker, kafka, topic, changes, server, url, config })
const throughProxy = (t: TestContext, config?: Readonly<Record<string, string>>) =>
  sinkOn(t, proxy.endpoint, config)
const throughNetwork = (t: TestContext, config?: Readonly<Record<string, string>>) =>
  sinkOn(t, `http://127.0.0.1:${network.port}`, config)

/** Waits until the sink has written a part of the records. */
async function untilWriting(sink: DocumentSink): Promise<void> {
  const writing = async () => (((await sink.metrics())['operations_written'] ?? 0) > 0 ? true : undefined)
  await waitFor(writing, { timeoutMs: 60_000, what: 'the first documents' })
}

/** Whatever lasts long, the task holds no more records than it may. */
async function assertBounded(sink: DocumentSink): Promise<void> {
  const { operations_pending: pending = 0 } = await sink.metrics()
  assert.ok(pending <= BUFFERED + CHUNK, `${pending} operations are pending`)
  const memory = peakMemory(await sink.pid())
  assert.ok(memory < MEMORY, `${memory} bytes of memory`)
}

async function assertIncomplete(sink: DocumentSink): Promise<void> {
  const committed = await sink.committed()
  assert.ok(
    committed.some((offset) => offset < EACH),
    `committed ${String(committed)}`,
  )
}

suite('a network with faults', () => {
  test('connections that are cut in the middle of a request: no change is lost', async (t) => {
    const sink = throughNetwork(t)
    network.cutAfter(800_000, 6)
    await sink.start()
    await sink.untilComplete()
    assert.ok(((await sink.metrics())['operations_retried'] ?? 0) > 0)
  })

  test('an outage while documents are written is waited for, and the memory of the task stays bounded', async (t) => {
    const sink = throughNetwork(t, { 'batch.size': '100' })
    network.throttle(200_000) // so that it takes seconds
    await sink.start()
    await untilWriting(sink)
    network.refuse()
    network.throttle(null)
    t.after(() => network.accept())
    await sink.untilRetrying(/the connection was cut/)
    await sleep(OUTAGE_MS)
    await sink.untilRetrying(/the connection was cut/)
    await assertIncomplete(sink)
    await assertBounded(sink)
    network.accept()
    await sink.untilComplete()
  })

  test('a network that passes 1 kB/s for a while, then nothing: no change is lost', async (t) => {
    const sink = throughNetwork(t)
    network.throttle(1000)
    t.after(() => network.throttle(null))
    await sink.start()
    await sleep(OUTAGE_MS)
    network.freeze()
    t.after(() => network.thaw())
    await sink.untilRetrying(/no (?:response|connection) within/)
    await assertIncomplete(sink)
    await assertBounded(sink)
    network.thaw()
    network.throttle(null)
    await sink.untilComplete()
  })
})

const unavailable: SearchFault = { kind: 'answer', status: 503, type: 'master_not_discovered_exception' }
const pageOfGateway: SearchFault = {
  kind: 'body',
  status: 502,
  body: '<html><title>Bad gateway</title></html>',
  headers: { 'content-type': 'text/html' },
}

suite('a server that answers with errors', () => {
  for (const [what, fault, reason] of [
    ['503', unavailable, /503.*master_not_discovered/],
    ['502 of a proxy, with a page', pageOfGateway, /502/],
  ] as const) {
    test(`${what}: nothing is committed, then every change is applied`, async (t) => {
      const sink = throughProxy(t)
      proxy.fail(BULK, fault, Infinity)
      await sink.start()
      await sink.untilRetrying(reason)
      assert.deepEqual(await sink.committed(), [0, 0])
      proxy.heal()
      await sink.untilComplete()
    })
  }

  test('errors while the index is created are retried', async (t) => {
    const sink = throughProxy(t)
    proxy.fail('HEAD index', unavailable, 2)
    proxy.fail('PUT index', unavailable, 2)
    await sink.start()
    await sink.untilComplete()
  })

  test('an error without a known cause fails the task after max.retries, and a restart continues', async (t) => {
    const sink = throughProxy(t)
    proxy.fail(BULK, { kind: 'answer', status: 500, type: 'some_exception' }, Infinity)
    await sink.start()
    assert.match(await sink.untilFailed(), /cannot write to the server, after 2 attempts: .* 500, some_exc/)
    assert.deepEqual(await sink.committed(), [0, 0])
    proxy.heal()
    await sink.restart()
    await sink.untilComplete()
  })

  test('429 with Retry-After: no request is sent meanwhile, and the log has one line about it', async (t) => {
    const sink = throughProxy(t)
    const seconds = 2
    const rejected = 6
    const headers = { 'retry-after': String(seconds) }
    const full: SearchFault = {
      kind: 'answer',
      status: 429,
      type: 'es_rejected_execution_exception',
      headers,
    }
    const before = proxy.requests.length
    const sent = () => proxy.requests.slice(before).filter(({ operation }) => operation === BULK).length
    proxy.fail(BULK, full, rejected)
    await sink.start()
    await waitFor(() => (sent() > 0 ? true : undefined), { timeoutMs: 60_000, what: 'a request' })
    const started = performance.now()
    await sink.untilComplete()
    assert.ok(performance.now() - started > 1000 * seconds)
    await worker.rest.request('PUT', `/connectors/${sink.name}/stop`)
    const [overload, ...others] = await overloadsIn(worker, sink.name)
    assert.deepEqual(others, [])
    assert.equal(overload?.requests, rejected)
    assert.ok((overload?.operations ?? 0) >= rejected)
    assert.ok((overload?.seconds ?? 0) >= seconds)
  })

  test('answers that are lost: the replay is a success, and nothing is reported', async (t) => {
    const sink = throughProxy(t)
    proxy.fail(BULK, { kind: 'lost-answer' }, 5)
    await sink.start()
    await sink.untilComplete()
    assert.ok(((await sink.metrics())['operations_superseded'] ?? 0) > 0)
  })

  test('as many requests as max.in.flight.requests allows are open, and no more', async (t) => {
    const sink = throughProxy(t)
    const inFlight = 5
    const before = proxy.requests.filter(({ operation }) => operation === BULK).length
    const reached = proxy.untilRequested(BULK, before + inFlight)
    proxy.fail(BULK, { kind: 'hold', until: () => reached }, Infinity)
    await sink.start({ 'max.in.flight.requests': String(inFlight) })
    await sink.untilComplete()
    assert.equal(proxy.peakOf(BULK), inFlight)
  })

  for (const [status, type, sentence] of [
    [401, 'security_exception', /the server does not accept the credentials of the connector/],
    [403, 'security_exception', /the server does not allow the connector to write/],
  ] as const) {
    test(`${status} fails the task at once, and a restart continues`, async (t) => {
      const sink = throughProxy(t)
      proxy.fail(BULK, { kind: 'answer', status, type }, Infinity)
      const before = proxy.requests.length
      await sink.start()
      assert.match(await sink.untilFailed(), sentence)
      const bulks = proxy.requests.slice(before).filter(({ operation }) => operation === BULK)
      assert.ok(bulks.length <= 5, `${bulks.length} requests`)
      assert.deepEqual(await sink.committed(), [0, 0])
      proxy.heal()
      await sink.restart()
      await sink.untilComplete()
    })
  }

  test('an index with a write block pauses the sink until it is lifted, and nothing is reported', async (t) => {
    const sink = throughProxy(t)
    const block = (on: boolean) =>
      searchRequest(server, 'PUT', `/${sink.index}/_settings`, { 'index.blocks.write': on })
    let blocked: Promise<unknown> | undefined
    const untilBlocked = () => (blocked ??= untilWriting(sink).then(() => block(true)))
    proxy.fail(BULK, { kind: 'hold', until: () => Promise.resolve() })
    proxy.fail(BULK, { kind: 'hold', until: untilBlocked }, Infinity)
    await sink.start()
    await sink.untilRetrying(/cluster_block_exception/)
    await sleep(OUTAGE_MS)
    await sink.untilRetrying(/cluster_block_exception/)
    await assertIncomplete(sink)
    await assertBounded(sink)
    await block(false)
    await sink.untilComplete()
  })
})

test('upserts of a few documents in many requests with random delays are applied in order', async (t) => {
  const [documents, each, fields] = [20, 6000, 7]
  const upserts = await writeNumbers(kafka, {
    partitions: 1,
    each,
    stepMs: 1,
    closing: false,
    recordOf: (_, number) => ({
      key: String(number % documents),
      value: JSON.stringify({ number, [`field${number % fields}`]: number }),
    }),
  })
  await upserts.written
  t.after(() => deleteTopics(kafka, [upserts.name]))
  const sink = createDocumentSink(t, {
    worker: () => worker,
    kafka,
    topic: upserts,
    changes,
    server,
    url: proxy.endpoint,
    config: { 'write.method': 'upsert', 'batch.size': '20', 'max.in.flight.requests': '5' },
  })
  proxy.fail(BULK, { kind: 'hold', until: () => sleep(randomInt(0, 30)) }, Infinity)
  await sink.start()
  await sink.untilCommitted([each])
  const found = await searchDocuments(server, sink.index)
  assert.equal(found.size, documents)
  for (const [id, { _source }] of found) {
    const expected: Record<string, number> = {}
    for (let number = Number(id); number < each; number += documents) {
      expected['number'] = number
      expected[`field${number % fields}`] = number
    }
    assert.deepEqual(_source, expected, `document ${id}`)
  }
  t.diagnostic(`${proxy.peakOf(BULK)} requests at a time`)
})
