import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLogger } from '../../../../telemetry/index.ts'
import { eventually, settle } from '../../../../timing/test/gate.ts'
import type { Peers } from '../../../peers.ts'
import { KnownMembers } from '../known-members.ts'
import { fakePeers, javaWorker } from './fake-peers.ts'

const URL = 'http://j:1'
const member = { id: '1', url: URL }

function open(peers: Peers) {
  const learned: string[] = []
  const logged: string[] = []
  const stopped = new AbortController()
  const log = { ...silentLogger, info: (message: string) => void logged.push(message) }
  const known = new KnownMembers(peers, ({ id }) => learned.push(id), stopped.signal, log)
  return { known, learned, logged, stopped }
}

test('a member is asked once, in the background, and forgotten when it leaves', async () => {
  const peers = fakePeers(javaWorker(URL, 'x.C'))
  const { known, learned } = open(peers)
  known.follow([member])
  assert.equal(known.of('1'), undefined)
  await eventually(() => learned.length === 1)
  assert.equal(known.of('1')?.connectors.has('x.C'), true)
  const requests = peers.asked.length
  known.follow([member])
  known.follow([])
  assert.deepEqual([known.of('1'), peers.asked.length], [undefined, requests])
})

test('a member that serves no requests yet is asked again', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const answers: Record<string, { status: number; body: unknown }> = {}
  const { known, learned } = open(fakePeers(answers))
  known.follow([member])
  await settle()
  Object.assign(answers, javaWorker(URL, 'x.C'))
  t.mock.timers.tick(1000)
  await settle()
  assert.deepEqual(learned, ['1'])
})

test('a member that never answers is given up with one line in the log', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { known, learned, logged } = open(fakePeers({}))
  known.follow([member])
  for (let attempt = 0; attempt < 8; attempt++) {
    await settle()
    t.mock.timers.tick(10_000)
  }
  await settle()
  assert.deepEqual([learned, logged.length, known.of('1')], [[], 1, undefined])
})

test('a member that has left before it answers is not learned', async () => {
  const peers = fakePeers(javaWorker(URL, 'x.C'))
  const { known, learned } = open(peers)
  known.follow([member])
  known.follow([])
  await eventually(() => peers.asked.length === 3)
  await settle()
  assert.deepEqual([learned, known.of('1')], [[], undefined])
})
