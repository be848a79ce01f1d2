import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askMember } from '../member-facts.ts'
import { fakePeers, headraceWorker, javaWorker } from './fake-peers.ts'

const URL = 'http://w:1'

test('a Headrace worker is asked once, and reports its tags, connectors, position and session', async () => {
  const peers = fakePeers(headraceWorker(URL, ['C']))
  assert.deepEqual(await askMember(peers, `${URL}/`), {
    kind: 'headrace',
    version: '9.0.0',
    tags: new Map([['zone', 'a']]),
    connectors: new Set(['C']),
    present: { configOffset: 5, lastContact: 1000, sessionEnds: 11_000 },
  })
  assert.equal(peers.asked.length, 1)
})

test('a Java worker reports its version, and its connectors under all their names', async () => {
  const facts = await askMember(fakePeers(javaWorker(URL, 'x.OrdersConnector')), URL)
  assert.deepEqual([facts.kind, facts.version, facts.present], ['java', '4.3.1', undefined])
  assert.deepEqual(facts.connectors, new Set(['x.OrdersConnector', 'OrdersConnector', 'Orders']))
})

test('a worker that requires a login is not known, rather than taken for a Java worker without connectors', async () => {
  const refused = { status: 401, body: { message: 'no' } }
  const peers = fakePeers({
    [`GET ${URL}/headrace/cluster?scope=worker`]: refused,
    [`GET ${URL}/`]: { status: 200, body: { version: '4.3.1' } },
    [`GET ${URL}/connector-plugins?connectorsOnly=false`]: refused,
  })
  await assert.rejects(askMember(peers, URL), {
    code: 'HR_CONNECT',
    message: `GET ${URL}/: the worker returned 401`,
  })
})

test('a worker that does not respond is not waited for', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const asked = askMember({ request: () => new Promise(() => {}) }, URL)
  t.mock.timers.tick(2000)
  await assert.rejects(asked, { code: 'HR_CONNECT', message: /no response within 2000 ms/ })
})
