import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GroupDescription } from '../../../../kafka/index.ts'
import { encodeAssignment, encodeMetadata, protocolVersions } from '../../assignment/protocol.ts'
import type { WorkerTraits } from '../../assignment/traits.ts'
import { noWork, type Work } from '../../assignment/work.ts'
import { clusterView, type ClusterSources } from '../cluster-view.ts'
import type { MemberFacts } from '../member-facts.ts'

const A = 'http://a:1/'
const B = 'http://b:1/'
const traits = (zone: string): WorkerTraits => ({
  version: '1',
  tags: new Map([['zone', zone]]),
  connectors: new Set(['C']),
})
const work = (...connectors: readonly string[]): Work => ({
  connectors,
  tasks: connectors.map((connector) => ({ connector, task: 0 })),
})

const LATEST: number = protocolVersions.headrace

/** A member that had `had` when it joined, and was then assigned `added` and revoked `revoked`. */
function member(
  url: string,
  had: Work,
  added = noWork,
  { revoked = noWork, delay = 0, error = 0, version = LATEST } = {},
) {
  const common = { error: 0, leader: A, leaderUrl: A, offset: 3, revoked: noWork, delay: 0 }
  return {
    id: url,
    metadata: encodeMetadata(
      { url, offset: 3, allocation: { ...common, assigned: had }, traits: traits(url === A ? 'a' : 'b') },
      version,
    ),
    assignment: encodeAssignment({ ...common, error, assigned: added, revoked, delay }, version),
  }
}

function view(members: GroupDescription['members'], more: Partial<ClusterSources> = {}) {
  return clusterView({
    groupId: 'g',
    url: A,
    group: { state: 'Stable', protocol: 'headrace', members },
    facts: new Map(),
    configEnd: 10,
    configured: work('x', 'y'),
    configs: new Map([['x', { 'connector.class': 'C' }], ['y', { 'connector.class': 'C' }]]), // prettier-ignore
    scheduledAt: undefined,
    ...more,
  })
}

const facts = (url: string, more: Partial<MemberFacts> = {}): [string, MemberFacts] => [
  url,
  { kind: 'headrace', version: '2', tags: traits('a').tags, connectors: new Set(['C']), present: { configOffset: 9, lastContact: 1, sessionEnds: 2 }, ...more },
] // prettier-ignore

test('what a member runs is what it reported at its last join, without what was revoked, with what was assigned', () => {
  const { members, leader, unassigned } = view([
    member(B, work('y')),
    member(A, work('z'), work('x'), { revoked: work('z') }),
  ])
  assert.deepEqual(
    members.map(({ url, leads, runs }) => [
      url,
      leads,
      runs.map(({ connector, task }) => `${connector} ${task}`),
    ]),
    [[A, true, ['x null', 'x 0']], [B, false, ['y null', 'y 0']]], // prettier-ignore
  )
  assert.deepEqual([leader, unassigned], [A, []])
})

test('positions in the config topic are compared with its end: now where the worker reports it, else at its last join', () => {
  const { members } = view([member(A, work('x')), member(B, work('y'))], { facts: new Map([facts(A)]) })
  assert.deepEqual(
    members.map(({ configOffset, configLag, lastContact }) => [configOffset, configLag, lastContact]),
    [[9, 1, 1], [3, 7, null]], // prettier-ignore
  )
  assert.equal(view([member(A, work('x'))], { configEnd: null }).members[0]?.configLag, null)
})

test('work that waits for a lost worker is not assigned until the scheduled rebalance', () => {
  const { unassigned } = view([member(A, work('x'), noWork, { delay: 5000 })], { scheduledAt: 77 })
  assert.deepEqual(unassigned.map(({ connector, until }) => [connector, until]), [['y', 77], ['y', 77]]) // prettier-ignore
  assert.match(unassigned[0]?.reason ?? '', /left the group; the leader waits for its return/)
})

test('work whose tags no worker has is not assigned, with the reason', () => {
  const configs = new Map([['x', { 'connector.class': 'C' }], ['y', { 'connector.class': 'C', 'headrace.placement': 'zone=c' }]]) // prettier-ignore
  const { unassigned } = view([member(A, work('x'), noWork, { delay: 5000 })], { configs, scheduledAt: 77 })
  assert.deepEqual([unassigned.length, unassigned[0]?.until], [2, null])
  assert.match(unassigned[0]?.reason ?? '', /^No worker has the tags zone=c/)
})

test('work is not assigned while a worker has not read the settings', () => {
  const { unassigned } = view([member(A, noWork, noWork, { error: 1 })])
  assert.equal(unassigned.length, 4)
  assert.match(unassigned[0]?.reason ?? '', /has not read the latest settings/)
})

test('a connector on a worker without its class is misplaced', () => {
  const { misplaced } = view([member(A, work('x')), member(B, work('y'))], {
    facts: new Map([facts(A), facts(B, { kind: 'java', connectors: new Set(), present: undefined })]),
  })
  assert.deepEqual(misplaced[0], {
    connector: 'y',
    task: null,
    url: B,
    reason: 'The worker lacks the connector class C.',
  })
  assert.equal(misplaced.length, 2)
})

test('a group that does not honour placement names the workers that prevent it, and what is misplaced', () => {
  const old = { version: protocolVersions.sessioned }
  const { misplaced, notes } = view([member(A, work('x'), noWork, old), member(B, work('y'), noWork, old)], {
    group: {
      state: 'Stable',
      protocol: 'sessioned',
      members: [member(A, work('x'), noWork, old), member(B, work('y'), noWork, old)],
    },
    facts: new Map([
      facts(A),
      facts(B, { kind: 'java', version: '4.3.1', tags: new Map(), present: undefined }),
    ]),
    configs: new Map([['x', { 'connector.class': 'C' }], ['y', { 'connector.class': 'C', 'headrace.placement': 'zone=a' }]]), // prettier-ignore
  })
  assert.deepEqual(notes, [
    `headrace.placement has no effect: the group uses the protocol sessioned instead of headrace, because these workers do not offer it: ${B} (java 4.3.1).`,
  ])
  assert.equal(misplaced[0]?.reason, 'The worker lacks the tags zone=a of headrace.placement.')
})

test('during a rebalance, the view says that it does not know what workers run', () => {
  const group = { state: 'PreparingRebalance', protocol: '', members: [{ id: '1', metadata: Buffer.alloc(0), assignment: Buffer.alloc(0) }] } // prettier-ignore
  const seen = view([], { group })
  assert.deepEqual([seen.members, seen.unassigned, seen.protocol, seen.leader], [[], [], null, null])
  assert.match(seen.notes.join(), /PreparingRebalance: what each worker runs is known after the rebalance/)
})
