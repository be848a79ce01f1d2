import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLogger } from '../../../telemetry/index.ts'
import { everyWorker } from '../assignment/eligible-workers.ts'
import { Membership } from '../membership.ts'

/** A cluster of a leader and another worker, whose rebalances are run by hand. */
function open(protocol: string) {
  const configured = { connectors: ['a', 'b'], tasks: [0, 1].map((task) => ({ connector: 'a', task })) }
  const settings = { url: 'http://w:1/', protocol, maxDelayMs: 0 }
  const givenUp: string[] = []
  const leases: string[] = []
  const ports = {
    offset: () => 1,
    configured: () => ({ connectors: [...configured.connectors], tasks: [...configured.tasks] }),
    stopAssigned: async ({ connectors }: { readonly connectors: readonly string[] }) =>
      void givenUp.push(...connectors),
    traits: () => ({ version: '1', tags: new Map(), connectors: new Set<string>() }),
    eligible: () => everyWorker,
    stopped: () => () => false,
    unplaced: () => {},
    lease: {
      contacted: () => {},
      applied: () => void leases.push('applied'),
      lost: () => void leases.push('lost'),
    },
  }
  const leader = new Membership(settings, ports, silentLogger)
  const members = new Map([
    ['1', leader],
    ['2', new Membership(settings, ports, silentLogger)],
  ])
  let generation = 0
  const rebalance = async () => {
    generation++
    for (const member of members.values()) await member.prepare()
    const joined = [...members].map(([id, member]) => ({
      id,
      metadata: member.offered()[0]?.metadata ?? Buffer.alloc(0),
    }))
    const name = leader.offered()[0]?.name ?? ''
    const assignments = leader.assign(name, { id: '1', generation }, joined)
    for (const [memberId, member] of members) {
      const assignment = assignments.get(memberId) ?? Buffer.alloc(0)
      await member.assigned({ assignment, protocol: name, memberId, generation })
    }
  }
  return { leader, follower: members.get('2')!, configured, givenUp, leases, rebalance, ports, settings }
}

test('a deleted connector may run until the members that had it have joined again without it', async () => {
  const { leader, configured, rebalance } = open('sessioned')
  await rebalance()
  assert.deepEqual([leader.mayRun('a'), leader.mayRun('b'), leader.mayRun('c')], [true, true, false])
  configured.connectors = ['b']
  configured.tasks = []
  await rebalance() // revokes it
  assert.equal(leader.mayRun('a'), true)
  await rebalance() // the members have stopped it
  assert.deepEqual([leader.mayRun('a'), leader.mayRun('b')], [false, true])
})

test('with the eager protocol, a deleted connector has stopped before the next rebalance', async () => {
  const { leader, configured, rebalance } = open('eager')
  await rebalance()
  assert.equal(leader.mayRun('a'), true)
  configured.connectors = ['b']
  configured.tasks = []
  await rebalance()
  assert.deepEqual([leader.mayRun('a'), leader.mayRun('b')], [false, true])
})

test('a leader that has lost its membership gives up its work, since the next leader gives it out at once', async () => {
  const { leader, givenUp, leases, rebalance } = open('sessioned')
  await rebalance()
  await leader.lost()
  assert.deepEqual([leases, givenUp, leader.allocation.isEmpty], [['lost'], ['a'], true])
})

test('a follower that has lost its membership keeps its work without a lease, and continues when the same leader confirms it', async () => {
  const { follower, givenUp, leases, rebalance } = open('sessioned')
  await rebalance()
  await follower.lost()
  assert.deepEqual([leases, givenUp, [...follower.allocation.connectors]], [['lost'], [], ['b']])
  await rebalance()
  follower.applied()
  assert.deepEqual([leases, givenUp], [['lost', 'applied'], []])
})

test('a follower restarts the work that it has kept when another worker leads, which may have given it out', async () => {
  const { follower, givenUp, ports, settings, rebalance } = open('sessioned')
  await rebalance()
  await follower.lost()
  const next = new Membership(settings, ports, silentLogger)
  const [offered] = follower.offered()
  const members = [
    { id: '3', metadata: next.offered()[0]!.metadata },
    { id: '4', metadata: offered!.metadata },
  ]
  const assignments = next.assign(offered!.name, { id: '3', generation: 2 }, members)
  const share = { protocol: offered!.name, memberId: '4', generation: 2 }
  await follower.assigned({ ...share, assignment: assignments.get('4')! })
  assert.deepEqual([givenUp, [...follower.allocation.connectors]], [['b'], ['b']])
})
