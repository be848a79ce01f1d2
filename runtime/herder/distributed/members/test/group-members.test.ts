import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLogger } from '../../../../telemetry/index.ts'
import { eventually } from '../../../../timing/test/gate.ts'
import type { WorkerTraits } from '../../assignment/traits.ts'
import { GroupMembers } from '../group-members.ts'
import { fakePeers, javaWorker } from './fake-peers.ts'

const OWN = 'http://own:1/'
const traits: WorkerTraits = { version: '1', tags: new Map([['zone', 'a']]), connectors: new Set(['x.Ours']) }
const metadata = (url: string, own?: WorkerTraits) => ({ url, offset: 0, allocation: null, traits: own })

function open(configs: Readonly<Record<string, Record<string, string>>>) {
  const peers = fakePeers(javaWorker('http://java:1', 'x.Theirs'))
  let lacking = 0
  const members = new GroupMembers({
    url: OWN,
    peers,
    configs: () => new Map(Object.entries(configs)),
    traits: () => traits,
    onLacking: () => void lacking++,
    stopped: new AbortController().signal,
    log: silentLogger,
  })
  return { members, peers, lacking: () => lacking }
}

test('in the protocol headrace, members tell what they have, and are not asked', () => {
  const { members, peers } = open({ c: { 'connector.class': 'x.Ours', 'headrace.placement': 'zone=b' } })
  const zoneB = { ...traits, tags: new Map([['zone', 'b']]) }
  const workers = new Map([['1', metadata(OWN, traits)], ['2', metadata('http://b:1/', zoneB)]]) // prettier-ignore
  assert.deepEqual(members.eligible(workers)('c'), new Set(['2']))
  assert.deepEqual(peers.asked, [])
})

test('a Java member is asked for its plugins; an assignment before the answer counts it as having all', async () => {
  const { members, lacking } = open({
    c: { 'connector.class': 'x.Ours' },
    d: { 'connector.class': 'Theirs' },
  })
  const workers = new Map([['1', metadata(OWN)], ['j', metadata('http://java:1/')]]) // prettier-ignore
  assert.equal(members.eligible(workers)('c'), undefined)
  await eventually(() => lacking() === 1)
  const eligible = members.eligible(workers)
  assert.deepEqual([eligible('c'), eligible('d')], [new Set(['1']), new Set(['j'])])
})

test('a member that has all connectors of the cluster causes no rebalance', async () => {
  const { members, lacking, peers } = open({ d: { 'connector.class': 'x.Theirs' } })
  members.eligible(new Map([['j', metadata('http://java:1/')]]))
  await eventually(() => peers.asked.length === 3)
  assert.equal(lacking(), 0)
})

test('the reason for work that is left out names the tags of its placement and of the members', () => {
  const { members } = open({ c: { 'connector.class': 'x.Ours', 'headrace.placement': 'zone=c' } })
  members.eligible(new Map([['1', metadata(OWN, traits)]]))
  assert.match(members.reasonUnplaced('c'), /^No worker has the tags zone=c .*: the workers have zone=a\./)
})
