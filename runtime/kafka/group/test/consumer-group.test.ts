import assert from 'node:assert/strict'
import { test } from 'node:test'
import { later, now } from '../../../timing/index.ts'
import { eventually, gate, settle } from '../../../timing/test/gate.ts'
import type { KafkajsBroker } from '../../connection/kafkajs.ts'
import { kafkaFailure } from '../../connection/broker-errors.ts'
import { lostConnection } from '../../test/fake-cluster.ts'
import type { JoinAnswer } from '../join-requests.ts'
import { consumerGroupSettings } from '../settings.ts'
import { brokerFailure, names, openGroup, partition } from './open-group.ts'

const COOPERATIVE = { 'partition.assignment.strategy': 'CooperativeStickyAssignor' }

test('new partitions start at their committed offsets', async (t) => {
  const { group, heard, join } = openGroup(t, { shares: [[0, 1]] })

  await join()
  assert.deepEqual(heard, ['assigned t-0@start t-1@10'])
  assert.deepEqual(group.assignment, [partition(0), partition(1)])
})

test('an eager consumer revokes everything before it rejoins', async (t) => {
  const { heard, subscriptions, join, rebalance } = openGroup(t, {
    shares: [
      [0, 1],
      [1, 2],
    ],
  })
  await join()
  await rebalance()

  assert.deepEqual(heard, ['assigned t-0@start t-1@10', 'revoked t-0 t-1', 'assigned t-1@10 t-2@20'])
  assert.deepEqual(subscriptions.at(-1)?.owned, [])
})

test('a cooperative consumer keeps its partitions, and rejoins after a revocation', async (t) => {
  const { heard, subscriptions, join, rebalance } = openGroup(t, {
    props: COOPERATIVE,
    shares: [[0, 1], [1], [1, 3]],
  })
  await join()
  await rebalance()

  assert.deepEqual(heard, ['assigned t-0@start t-1@10', 'revoked t-0', 'assigned ', 'assigned t-3@30'])
  assert.deepEqual(
    subscriptions.map(({ owned }) => names(owned)),
    ['', 't-0 t-1', 't-1'],
  )
})

test('commits contain the member id and generation', async (t) => {
  const { group, committed, join } = openGroup(t, { shares: [[0]] })
  await join()
  await group.commit([{ ...partition(0), offset: 2 ** 40 }])

  assert.deepEqual(committed, [
    {
      memberId: 'm',
      groupGenerationId: 1,
      topics: [{ topic: 't', partitions: [{ partition: 0, offset: String(2 ** 40), metadata: '' }] }],
    },
  ])
})

test('a leaving consumer revokes its partitions first', async (t) => {
  const { group, heard, join } = openGroup(t, { shares: [[2]] })
  await join()
  await group.leave()

  assert.deepEqual(heard.slice(1), ['revoked t-2', 'leave'])
})

test('a pattern subscribes to matching topics', async (t) => {
  const selection = { topics: [], matches: (topic: string) => topic.startsWith('o') }
  const { subscriptions, join } = openGroup(t, { shares: [[]], selection })
  await join()

  assert.deepEqual(subscriptions[0]?.topics, ['other'])
})

test('a pattern subscription joins only after the matching topics are known', async (t) => {
  const selection = { topics: [], matches: (topic: string) => topic === 'other' }
  const { group, cluster, subscriptions, join } = openGroup(t, { shares: [[]], selection })
  const { refresh } = cluster
  let looks = 0
  cluster.refresh = () => {
    looks++
    return Promise.reject(kafkaFailure(lostConnection(), 'look'))
  }
  assert.equal(await group.poll(), false)
  await eventually(() => looks === 1)
  assert.equal(await group.poll(), false)
  assert.equal(subscriptions.length, 0)

  t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 10_000 }) // the next check is due
  cluster.refresh = refresh
  await join()
  assert.deepEqual(subscriptions[0]?.topics, ['other'])
})

test('a poll does not wait for the other members, and a consumer that leaves meanwhile has no partitions', async (t) => {
  const { group, heard, joins, member } = openGroup(t, { shares: [[0]] })
  const joined = gate<JoinAnswer>()
  let asked = 0
  joins.joinGroup = () => {
    asked++
    return joined.opened
  }
  while (asked === 0) {
    assert.equal(await group.poll(), false)
    await settle()
  }
  assert.equal(await group.poll(), false)
  const leaving = group.leave()
  joined.open({ ...member, generation: 1, protocol: 'range', members: [] })
  await leaving

  assert.deepEqual(heard, ['leave'])
})

test('the request for committed offsets is repeated until all are stable', async (t) => {
  const { heard, calls, join } = openGroup(t, { shares: [[0, 1]] })
  const { offsetFetch } = calls
  const answers: (() => ReturnType<KafkajsBroker['offsetFetch']>)[] = [
    () => Promise.reject(lostConnection()),
    () => Promise.reject(brokerFailure('GROUP_LOAD_IN_PROGRESS')),
    async () => ({ responses: [] }),
  ]
  calls.offsetFetch = (request) => (answers.shift() ?? (() => offsetFetch!(request)))()
  await join()

  assert.deepEqual([answers, heard], [[], ['assigned t-0@start t-1@10']])
})

test('a rebalance ends the wait for committed offsets', async (t) => {
  const { group, heard, calls, member, join, hear } = openGroup(t, { shares: [[0], [1]] })
  const { offsetFetch } = calls
  let asked = 0
  calls.offsetFetch = () => {
    asked++
    return Promise.reject(lostConnection())
  }
  while (asked === 0) {
    assert.equal(await group.poll(), false)
    await settle()
  }
  await hear('REBALANCE_IN_PROGRESS')
  calls.offsetFetch = offsetFetch!
  await join()

  assert.deepEqual([heard, member.generation], [['assigned t-1@10'], 2])
})

test('a lack of permission to read committed offsets is an error', async (t) => {
  const { calls, join } = openGroup(t, { shares: [[0]] })
  calls.offsetFetch = () => Promise.reject(brokerFailure('GROUP_AUTHORIZATION_FAILED', false))

  await assert.rejects(join(), { code: 'HR_KAFKA_REFUSED' })
})

test('the consumer protocol of KIP-848 is rejected', () => {
  assert.throws(() => consumerGroupSettings({ 'group.id': 'g', 'group.protocol': 'CONSUMER' }), {
    code: 'HR_CONFIG_INVALID',
    configKey: 'group.protocol',
  })
})

test('a consumer without a lease keeps its partitions, but leaves the group instead of taking part in a rebalance', async (t) => {
  const { group, lease, heard, subscriptions, join, hear } = openGroup(t, { shares: [[0], [1]] })
  await join()
  lease.revoke()
  assert.equal(await group.poll(), true)
  await assert.rejects(group.commit([]), /another worker may have the task/)
  assert.deepEqual(group.assignment, [partition(0)])

  lease.renew(later(now(), 60_000))
  await hear('REBALANCE_IN_PROGRESS')
  lease.revoke()
  assert.equal(await group.poll(), false)
  assert.equal(await group.poll(), false)
  assert.deepEqual(heard, ['assigned t-0@start', 'leave', 'lost t-0'])
  assert.equal(subscriptions.length, 1)

  lease.renew(later(now(), 60_000))
  await join()
  assert.deepEqual(heard.slice(3), ['assigned t-1@10'])
})

test('a consumer without a lease is not polled without a pause, also if a check of its topics is due', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 0 })
  const { group, lease, join, hear } = openGroup(t, { shares: [[0]] })
  await join()
  t.mock.timers.tick(600_000)
  assert.equal(group.nextPollInMs, 0)
  lease.revoke()
  assert.equal(await group.poll(), true)
  assert.ok(group.nextPollInMs > 0, 'with its partitions')
  lease.renew(later(now(), 1_000_000))
  await hear('REBALANCE_IN_PROGRESS')
  lease.revoke()
  assert.equal(await group.poll(), false)
  assert.ok(group.nextPollInMs > 0, 'outside of its group')
})
