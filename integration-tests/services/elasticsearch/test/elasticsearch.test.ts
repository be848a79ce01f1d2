import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { stopAllChildren } from '../../processes/index.ts'
import { searchDocuments, searchRequest, startElasticsearch, startOpenSearch } from '../index.ts'
import { yaml } from '../local.ts'

after(() => stopAllChildren())

test('a server that was killed starts again with its data, its users and its settings', async (t) => {
  const server = await startElasticsearch({
    security: 'tls',
    settings: { 'thread_pool.write.queue_size': '7' },
  })
  t.after(() => server.stop())
  await searchRequest(server, 'PUT', '/people/_doc/1', { name: 'first' })

  await server.kill()
  await assert.rejects(searchRequest(server, 'GET', '/'))
  await server.start()

  const documents = await searchDocuments(server, 'people')
  assert.deepEqual(documents.get('1')?._source, { name: 'first' })
  const { body } = await searchRequest(server, 'GET', '/_nodes/thread_pool?filter_path=**.write.queue_size')
  assert.match(JSON.stringify(body), /"queue_size":7/)
  assert.equal((await searchRequest({ ...server, login: null }, 'GET', '/')).status, 401)
})

test('OpenSearch has data streams', async (t) => {
  const server = await startOpenSearch()
  t.after(() => server.stop())
  const template = { index_patterns: ['logs-*'], data_stream: {} }
  await searchRequest(server, 'PUT', '/_index_template/logs', template)

  const { status } = await searchRequest(server, 'PUT', '/_data_stream/logs-tests')

  assert.equal(status, 200)
  const { body } = await searchRequest(server, 'GET', '/')
  assert.match(JSON.stringify(body), /"distribution":"opensearch"/)
})

test('settings are quoted for the configuration of the server', () => {
  assert.equal(yaml({ 'cluster.name': 'a "b"' }), 'cluster.name: "a \\"b\\""\n')
})
