import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { eventually, gate, settle } from '../../../timing/test/gate.ts'
import { kafkaFailure } from '../../connection/broker-errors.ts'
import type { KafkajsBroker } from '../../connection/kafkajs.ts'
import { FakeCluster, lostConnection } from '../../test/fake-cluster.ts'
import { GroupMember } from '../member.ts'
import { memberMoves, type GroupProtocol } from '../ports.ts'

type Calls = Partial<KafkajsBroker>

const failure = (type: string, retriable = false) =>
  Promise.reject(kafkaFailure(Object.assign(new Error(type), { type, retriable }), 'test'))

/** A group of one: each join gives a new generation, and the member leads. */
function openMember(t: TestContext, overrides: Calls = {}, heartbeatIntervalMs = 60_000) {
  const heard: string[] = []
  let generation = 0
  const calls: Calls = {
    joinGroup: async ({ memberId }) => {
      heard.push(`join as ${memberId === '' ? 'new' : memberId}`)
      const members = [{ memberId: 'm', memberMetadata: Buffer.from('mine') }]
      return { generationId: ++generation, groupProtocol: 'p', leaderId: 'm', memberId: 'm', members }
    },
    syncGroup: async ({ groupAssignment }) => ({
      memberAssignment: groupAssignment[0]?.memberAssignment ?? Buffer.alloc(0),
    }),
    heartbeat: async () => heard.push('beat'),
    leaveGroup: async ({ memberId }) => heard.push(`${memberId} leaves`),
    ...overrides,
  }
  const protocol: GroupProtocol = {
    type: 'test',
    offered: () => [{ name: 'p', metadata: Buffer.from('mine') }],
    assign: (_protocol, _self, members) => new Map(members.map(({ id, metadata }) => [id, metadata])),
    prepare: async () => void heard.push('prepare'),
    assigned: async ({ assignment }) => void heard.push(`assigned ${assignment.toString()}`),
    lost: async () => void heard.push('lost'),
  }
  const settings = { groupId: 'g', sessionTimeoutMs: 1000, rebalanceTimeoutMs: 1000, heartbeatIntervalMs }
  const member = new GroupMember(new FakeCluster({ topics: {}, calls }), settings, protocol, () =>
    heard.push('change'),
  )
  t.after(() => member.leave())
  return { member, heard, calls }
}

test('a member joins, divides the work as the leader, and gets its share', async (t) => {
  const { member, heard } = openMember(t)

  assert.equal(await member.ensureActive(), true)
  assert.deepEqual(heard, ['prepare', 'join as new', 'assigned mine'])
  assert.deepEqual([member.state, member.memberId, member.generation], ['settled', 'm', 1])
})

test('a settled member does not join again until it is asked to', async (t) => {
  const { member, heard } = openMember(t)
  await member.ensureActive()
  await member.ensureActive()
  member.requestRejoin()
  assert.equal(member.state, 'rejoin-due')
  await member.ensureActive()

  assert.deepEqual(heard.slice(3), ['change', 'prepare', 'join as m', 'assigned mine'])
  assert.equal(member.generation, 2)
})

test('a wish to rejoin that comes while joining is not forgotten', async (t) => {
  const syncing = gate<{ memberAssignment: Buffer }>()
  const { member } = openMember(t, { syncGroup: () => syncing.opened })
  const joining = member.ensureActive()
  await eventually(() => member.state === 'joining')
  member.requestRejoin()
  syncing.open({ memberAssignment: Buffer.alloc(0) })
  await joining

  assert.equal(member.state, 'rejoin-due')
})

test('heartbeats go on, and tell of a rebalance', async (t) => {
  const { member, calls } = openMember(t, {}, 1)
  await member.ensureActive()
  calls.heartbeat = () => failure('REBALANCE_IN_PROGRESS')

  await eventually(() => member.state === 'rejoin-due')
})

test('a member that the group no longer knows loses what it had and joins as a new one', async (t) => {
  const { member, heard, calls } = openMember(t, {}, 1)
  await member.ensureActive()
  calls.heartbeat = () => failure('UNKNOWN_MEMBER_ID')
  await eventually(() => member.state === 'expelled')
  await member.ensureActive()

  assert.deepEqual(heard.filter((line) => line !== 'beat').slice(-4), [
    'lost',
    'prepare',
    'join as new',
    'assigned mine',
  ])
})

test('what a coordinator says of an older generation is not heard', async (t) => {
  const { member } = openMember(t)
  await member.ensureActive()
  const answered = gate<never>()
  const asking = member.withCoordinator('ask', () => answered.opened)
  await settle()
  member.requestRejoin()
  await member.ensureActive()
  answered.break(Object.assign(new Error('old'), { type: 'ILLEGAL_GENERATION' }))

  await assert.rejects(asking, { message: 'old' })
  assert.equal(member.state, 'settled')
})

test('a join that fails for a while is tried again; one that is refused is an error', async (t) => {
  const { member, calls } = openMember(t)
  const { joinGroup } = calls
  calls.joinGroup = () => Promise.reject(lostConnection())
  assert.equal(await member.ensureActive(), false)
  assert.equal(member.state, 'rejoin-due')

  calls.joinGroup = () => failure('GROUP_AUTHORIZATION_FAILED')
  await assert.rejects(member.ensureActive(), {
    code: 'HR_KAFKA_REFUSED',
    javaClass: 'org.apache.kafka.common.errors.GroupAuthorizationException',
  })

  calls.joinGroup = joinGroup ?? calls.joinGroup
  assert.equal(await member.ensureActive(), true)
})

test('a member that left takes no part until it comes back', async (t) => {
  const { member, heard } = openMember(t)
  await member.ensureActive()
  await member.leave()
  assert.equal(await member.ensureActive(), false)
  member.comeBack()
  assert.equal(await member.ensureActive(), true)

  assert.deepEqual(heard.slice(3), ['m leaves', 'prepare', 'join as new', 'assigned mine'])
})

test('a member that leaves while it joins is not in the group afterwards', async (t) => {
  const answer = gate()
  const { member, heard, calls } = openMember(t, {}, 1)
  const { joinGroup } = calls
  calls.joinGroup = async (request) => {
    await answer.opened
    return joinGroup!(request)
  }
  const joining = member.ensureActive()
  await eventually(() => member.state === 'joining')
  await member.leave()
  answer.open()

  assert.equal(await joining, false)
  assert.deepEqual(heard, ['prepare', 'join as new', 'm leaves'])
  assert.deepEqual([member.state, member.memberId], ['left', ''])
})

test('every state can be left, and knows what to do with being expelled and asked to rejoin', () => {
  for (const [state, moves] of Object.entries(memberMoves)) {
    assert.equal(moves.leave, 'left', state)
    assert.ok(moves['rejoin-asked'] !== undefined && moves.expelled !== undefined, state)
  }
})
