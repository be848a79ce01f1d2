import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, test } from 'node:test'
import {
  searchDocuments,
  searchRequest,
  sharedElasticsearch,
  sharedOpenSearch,
  startElasticsearch,
  startProxy,
  stopAllChildren,
  uniqueName,
} from '../services/index.ts'
import { bulkOf, openFor } from './opened-server.ts'

after(() => stopAllChildren())

const health = { method: 'GET', path: '/_cluster/health' } as const
/** Nothing listens here. */
const NOBODY = 'http://127.0.0.1:1'

async function proxied(url: string) {
  const { hostname, port } = new URL(url)
  const proxy = await startProxy(hostname, Number(port))
  return { proxy, url: `http://127.0.0.1:${proxy.port}` }
}

const products = [
  ['elasticsearch', sharedElasticsearch],
  ['opensearch', sharedOpenSearch],
  // requests for OpenSearch are understood by Elasticsearch too
  ['opensearch', sharedElasticsearch],
] as const

for (const [product, shared] of products) {
  const title = `${product} (${shared.name})`

  test(`${title}: documents are written, with and without compression, and refusals are returned`, async (t) => {
    const address = await shared()
    const index = uniqueName('written')
    t.after(() => searchRequest(address, 'DELETE', `/${index}`))
    for (const compression of [false, true]) {
      const { send } = openFor(t, address, { product, compression })
      const { status, body } = await send(bulkOf(index, 500, 100))
      assert.deepEqual([status, body], [200, { errors: false }])
      assert.equal((await send({ method: 'HEAD', path: `/${index}` })).status, 200)
      assert.equal((await send({ method: 'HEAD', path: `/${index}-missing` })).status, 404)
      const again = await send({ method: 'PUT', path: `/${index}`, body: '{}' })
      assert.equal(again.status, 400)
      assert.match(JSON.stringify(again.body), /resource_already_exists_exception/)
    }
    assert.equal((await searchDocuments(address, index)).size, 500)
  })

  test(`${title}: a connection that is cut within a request fails it once, and the next request works`, async (t) => {
    const address = await shared()
    const { proxy, url } = await proxied(address.url)
    t.after(() => proxy.close())
    const index = uniqueName('cut')
    t.after(() => searchRequest(address, 'DELETE', `/${index}`))
    const { send } = openFor(t, { ...address, url }, { product })
    proxy.cutAfter(100_000)

    await assert.rejects(send(bulkOf(index, 2000, 100)), { code: 'HR_RETRIABLE' })
    assert.equal((await send(bulkOf(index, 2000, 100))).status, 200)
    assert.equal((await searchDocuments(address, index)).size, 2000)
  })
}

test('an OpenSearch server is refused with the connector class to use', async (t) => {
  const { send } = openFor(t, await sharedOpenSearch())
  const expected = { code: 'HR_CONNECT', message: /is not Elasticsearch.*OpensearchSinkConnector/ }
  await assert.rejects(send(health), expected)
  await assert.rejects(send(bulkOf('refused', 1)), expected)
})

test('while one of three hosts is away and another does not respond, requests go to the third', async (t) => {
  const address = await sharedElasticsearch()
  const [frozen, well] = [await proxied(address.url), await proxied(address.url)]
  t.after(() => Promise.all([frozen.proxy.close(), well.proxy.close()]))
  const urls = [NOBODY, frozen.url, well.url]
  const opened = openFor(t, address, { urls, readTimeoutMs: 500 })
  frozen.proxy.freeze()
  for (let count = 0; count < 10; count++) assert.equal((await opened.send(health)).status, 200)
  assert.deepEqual(opened.warnings.map((text) => text.replace(/.*: /, '')).toSorted(), [
    'connection refused (ECONNREFUSED).',
    'no response within 500 ms (read.timeout.ms).',
  ])
})

test('a slow answer is waited for as long as bytes arrive', async (t) => {
  const address = await sharedElasticsearch()
  const { proxy, url } = await proxied(address.url)
  t.after(() => proxy.close())
  proxy.throttle(20_000)
  const { send } = openFor(t, { ...address, url }, { readTimeoutMs: 2000 })

  const started = performance.now()
  const { status } = await send({ method: 'GET', path: '/_nodes/stats' })
  assert.equal(status, 200)
  t.diagnostic(`${Math.round(performance.now() - started)} ms`)
})

test('a host that does not accept connections is given up after connection.timeout.ms', async (t) => {
  // the system accepts connections for a stopped program until its queue is full
  const script =
    "require('net').createServer().listen({port:0,host:'127.0.0.1',backlog:1},function(){console.log(this.address().port)})"
  const program = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => program.kill('SIGKILL'))
  const [line] = (await once(program.stdout, 'data')) as [Buffer]
  const port = Number(line.toString())
  program.kill('SIGSTOP')
  const fillers = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => {}))
  t.after(() => fillers.forEach((socket) => socket.destroy()))
  await Promise.race(fillers.map((socket) => once(socket, 'connect')))
  await new Promise((resolve) => setImmediate(resolve))

  const address = await sharedElasticsearch()
  const full = `http://127.0.0.1:${port}`
  const one = openFor(t, address, { urls: [full], connectTimeoutMs: 300 })
  await assert.rejects(one.send(bulkOf('never', 1)), {
    code: 'HR_RETRIABLE',
    message: `Cannot reach the server at ${full}: no connection within 300 ms (connection.timeout.ms).`,
  })
  const two = openFor(t, address, { urls: [full, address.url], connectTimeoutMs: 300 })
  assert.equal((await two.send(health)).status, 200)
})

test('a server that is overloaded, gets too much, or is killed', async (t) => {
  const server = await startElasticsearch({
    settings: {
      'thread_pool.write.size': '1',
      'thread_pool.write.queue_size': '1',
      'http.max_content_length': '2mb',
      'indexing_pressure.memory.limit': '1mb',
    },
  })
  t.after(() => server.stop())
  const { send } = openFor(t, server)

  await t.test('more than the memory for writes is answered with 429', async () => {
    const { status, body } = await send(bulkOf('pressure', 1500, 1000))
    assert.equal(status, 429)
    assert.match(JSON.stringify(body), /es_rejected_execution_exception/)
  })

  await t.test('more requests than the queue takes are answered with 429, and none is lost', async () => {
    const bulks = Array.from({ length: 60 }, (_, number) => bulkOf(`queue-${number % 4}`, 50, 100))
    const answers = await Promise.all(bulks.map((bulk) => send(bulk)))
    const refused = answers.filter(
      ({ status, body }) => status === 429 || /"status":429|rejected/.test(JSON.stringify(body)),
    )
    assert.ok(refused.length > 0, 'nothing was refused')
    assert.ok(answers.every(({ status }) => status === 200 || status === 429))
  })

  await t.test('a body larger than the server accepts is answered with 413', async () => {
    const { status } = await send(bulkOf('large', 5000, 2000))
    assert.equal(status, 413)
    assert.equal((await send(health)).status, 200)
  })

  await t.test('while it is away requests can be retried, and they succeed when it is back', async () => {
    const running = send({
      method: 'GET',
      path: '/_cluster/health',
      query: { wait_for_nodes: '9', timeout: '60s' },
    })
    const ended = assert.rejects(running, { code: 'HR_RETRIABLE' })
    await server.kill()
    await ended
    await assert.rejects(send(health), { code: 'HR_RETRIABLE', message: /connection (?:refused|was cut)/ })
    await server.start()
    assert.equal((await send(health)).status, 200)
  })
})
