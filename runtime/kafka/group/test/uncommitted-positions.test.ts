import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settle } from '../../../timing/test/gate.ts'
import { lostConnection } from '../../test/fake-cluster.ts'
import { brokerFailure, openGroup, partition } from './open-group.ts'

/** A consumer that owns partitions 1 and 2 and could not commit position 17 of partition 1. */
async function openUncommitted(t: Parameters<typeof openGroup>[0], later: readonly (readonly number[])[]) {
  const opened = openGroup(t, { shares: [[1, 2], ...later] })
  await opened.join()
  opened.uncommitted.push({ ...partition(1), offset: 17 })
  return opened
}

test('partitions that return immediately are read from the position of the consumer, committed or not', async (t) => {
  const { heard, rebalance } = await openUncommitted(t, [[1, 2]])
  await rebalance()

  assert.deepEqual(heard.slice(1), ['revoked t-1 t-2', 'assigned t-1@17 (own) t-2@20'])
})

test('a kept position is used once, and partitions that another member owned are read from the committed offset', async (t) => {
  const { heard, uncommitted, rebalance } = await openUncommitted(t, [[2], [1, 2]])
  await rebalance()
  uncommitted.length = 0
  await rebalance()

  assert.equal(heard.at(-1), 'assigned t-1@10 t-2@20')
})

test('after a missed generation, the committed offset is used', async (t) => {
  const { heard, member, rebalance } = await openUncommitted(t, [[], [1, 2]])
  member.generation++
  await rebalance()

  assert.deepEqual([heard.at(-1), member.generation], ['assigned t-1@10 t-2@20', 3])
})

for (const type of ['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION']) {
  test(`after ${type} the committed offset is used, even by a consumer that had given up its partitions`, async (t) => {
    const { group, heard, joins, join, hear } = await openUncommitted(t, [[1, 2]])
    const { joinGroup } = joins
    joins.joinGroup = async () => {
      joins.joinGroup = joinGroup
      throw brokerFailure(type, false)
    }
    await hear('REBALANCE_IN_PROGRESS')
    await join()

    assert.deepEqual(heard.slice(1), ['revoked t-1 t-2', 'assigned t-1@10 t-2@20'])
    assert.deepEqual(group.assignment, [partition(1), partition(2)])
  })
}

for (const [leaderId, others, expected] of [
  ['m', [], 't-1@17 (own)'],
  ['m', ['a'], 't-1@10'],
  ['other', [], 't-1@10'],
] as const) {
  const whose = leaderId === 'm' ? `leads, with ${others.length} others,` : 'follows'
  test(`if the next generation fails, a consumer that ${whose} starts at ${expected}`, async (t) => {
    const { heard, member, joins, rebalance } = await openUncommitted(t, [[], [1, 2]])
    const { joinGroup, syncGroup } = joins
    member.leaderId = leaderId
    joins.joinGroup = async (request) => {
      const answer = await joinGroup(request)
      if ('requiredId' in answer) return answer
      const metadata = request.protocols[0]?.metadata ?? Buffer.alloc(0)
      return { ...answer, members: [...answer.members, ...others.map((id) => ({ id, metadata }))] }
    }
    joins.syncGroup = async () => {
      joins.syncGroup = syncGroup
      joins.joinGroup = joinGroup
      member.leaderId = 'other'
      await settle()
      throw lostConnection()
    }
    await rebalance()

    assert.equal(member.generation, 3)
    assert.equal(heard.at(-1), `assigned ${expected} t-2@20`)
  })
}

test('positions are kept until the committed offsets of other partitions can be read', async (t) => {
  const { group, heard, calls, member, rebalance, hear } = await openUncommitted(t, [
    [1, 2],
    [1, 2],
  ])
  const { offsetFetch } = calls
  let asked = 0
  calls.offsetFetch = () => {
    asked++
    return Promise.reject(lostConnection())
  }
  await hear('REBALANCE_IN_PROGRESS')
  while (asked === 0) {
    await group.poll()
    await settle()
  }
  calls.offsetFetch = offsetFetch!
  await rebalance()

  assert.equal(member.generation, 3)
  assert.deepEqual(heard.slice(1), ['revoked t-1 t-2', 'assigned t-1@17 (own) t-2@20'])
})
