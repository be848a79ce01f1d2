import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { eventually, gate, settle } from '../../../timing/test/gate.ts'
import { kafkaFailure } from '../../connection/broker-errors.ts'
import type { KafkajsBroker } from '../../connection/kafkajs.ts'
import { FakeCluster, lostConnection } from '../../test/fake-cluster.ts'
import { GroupMember } from '../member.ts'
import { memberMoves, type GroupProtocol } from '../ports.ts'
import type { JoinAnswer, MemberIdGiven } from '../join-requests.ts'
import type { FakeJoins } from './join-answers.ts'

type Calls = Partial<KafkajsBroker>

const refused = (type: string, retriable = false) =>
  kafkaFailure(Object.assign(new Error(type), { type, retriable }), 'test')
const failure = (type: string, retriable = false) => Promise.reject(refused(type, retriable))

/** Like `eventually`, for tests with mocked timers. */
async function untilNow(condition: () => boolean): Promise<void> {
  while (!condition()) await settle()
}

/** A group of one member, which is the leader. Each join starts a new generation. */
function openMember(t: TestContext, overrides: Partial<FakeJoins> = {}, heartbeatIntervalMs = 60_000) {
  const heard: string[] = []
  let generation = 0
  const joins: FakeJoins = {
    joinGroup: async ({ memberId }) => {
      heard.push(`join as ${memberId === '' ? 'new' : memberId}`)
      const members = [{ id: 'm', metadata: Buffer.from('mine') }]
      return { generation: ++generation, protocol: 'p', leaderId: 'm', memberId: 'm', members }
    },
    syncGroup: async ({ shares }) => shares.get('m') ?? Buffer.alloc(0),
    ...overrides,
  }
  const calls: Calls = {
    heartbeat: async () => heard.push('beat'),
    leaveGroup: async ({ memberId }) => heard.push(`${memberId} leaves`),
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
  const cluster = new FakeCluster({ topics: {}, calls, joins })
  const member = new GroupMember(cluster, settings, protocol, () => heard.push('change'))
  t.after(() => member.leave())
  return { member, heard, calls, joins, protocol, cluster }
}

test('a member joins, assigns the work as the leader, and gets its share', async (t) => {
  const { member, heard } = openMember(t)

  assert.equal(await member.ensureActive(), true)
  assert.deepEqual(heard, ['prepare', 'join as new', 'assigned mine'])
  assert.deepEqual([member.state, member.memberId, member.generation], ['settled', 'm', 1])
})

test('a settled member does not rejoin until requested', async (t) => {
  const { member, heard } = openMember(t)
  await member.ensureActive()
  await member.ensureActive()
  member.requestRejoin()
  assert.equal(member.state, 'rejoin-due')
  await member.ensureActive()

  assert.deepEqual(heard.slice(3), ['change', 'prepare', 'join as m', 'assigned mine'])
  assert.equal(member.generation, 2)
})

test('a rejoin request during a join is not lost', async (t) => {
  const syncing = gate<Buffer>()
  const { member } = openMember(t, { syncGroup: () => syncing.opened })
  const joining = member.ensureActive()
  await eventually(() => member.state === 'joining')
  member.requestRejoin()
  syncing.open(Buffer.alloc(0))
  await joining

  assert.equal(member.state, 'rejoin-due')
})

test('heartbeats continue and report a rebalance', async (t) => {
  const { member, calls } = openMember(t, {}, 1)
  await member.ensureActive()
  calls.heartbeat = () => failure('REBALANCE_IN_PROGRESS')

  await eventually(() => member.state === 'rejoin-due')
})

test('an expelled member loses its assignment and joins as a new one', async (t) => {
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

test('responses for an older generation are ignored', async (t) => {
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

test('a join is retried after a retriable error, and fails after a permanent one', async (t) => {
  const { member, joins } = openMember(t)
  const { joinGroup } = joins
  joins.joinGroup = () => Promise.reject(lostConnection())
  assert.equal(await member.ensureActive(), false)
  assert.equal(member.state, 'rejoin-due')

  joins.joinGroup = () => failure('GROUP_AUTHORIZATION_FAILED')
  await assert.rejects(member.ensureActive(), {
    code: 'HR_KAFKA_REFUSED',
    javaClass: 'org.apache.kafka.common.errors.GroupAuthorizationException',
  })

  joins.joinGroup = joinGroup
  assert.equal(await member.ensureActive(), true)
})

test('a member that left does not participate until it returns', async (t) => {
  const { member, heard } = openMember(t)
  await member.ensureActive()
  await member.leave()
  assert.equal(await member.ensureActive(), false)
  member.allowRejoin()
  assert.equal(await member.ensureActive(), true)

  assert.deepEqual(heard.slice(3), ['m leaves', 'prepare', 'join as new', 'assigned mine'])
})

test('a member that waits for others in a join leaves immediately with its member id', async (t) => {
  const { member, heard, joins } = openMember(t)
  const answer = gate<JoinAnswer>()
  joins.joinGroup = async ({ memberId }) => (memberId === '' ? { requiredId: 'given' } : answer.opened)
  const joining = member.ensureActive()
  await eventually(() => member.memberId === 'given')
  await member.leave()

  assert.deepEqual(heard, ['prepare', 'given leaves'])
  assert.deepEqual([member.state, member.memberId], ['left', ''])
  answer.break(refused('UNKNOWN_MEMBER_ID'))
  assert.equal(await joining, false)
  assert.deepEqual(heard, ['prepare', 'given leaves'])
})

for (const [answer, id] of [
  [{ requiredId: 'given' }, 'given'],
  [{ generation: 1, protocol: 'p', leaderId: 'm', memberId: 'm', members: [] }, 'm'],
] as const) {
  test(`a member that leaves before it has an id leaves as soon as it is ${id}`, async (t) => {
    const { member, heard, joins } = openMember(t)
    const answered = gate<JoinAnswer | MemberIdGiven>()
    joins.joinGroup = () => answered.opened
    const joining = member.ensureActive()
    await eventually(() => member.state === 'joining')
    const leaving = member.leave()
    answered.open(answer)
    await leaving

    assert.equal(await joining, false)
    assert.deepEqual(heard, ['prepare', `${id} leaves`])
  })
}

test('a member looks up a moved coordinator before it leaves', async (t) => {
  const { member, heard, calls } = openMember(t)
  await member.ensureActive()
  const { leaveGroup } = calls
  calls.leaveGroup = () => {
    calls.leaveGroup = leaveGroup!
    return failure('NOT_COORDINATOR_FOR_GROUP', true)
  }
  await member.leave()

  assert.deepEqual(heard.slice(3), ['m leaves'])
})

test('the callback is called when a join ends without a waiting caller', async (t) => {
  const { member, heard, joins } = openMember(t)
  const synced = gate<Buffer>()
  joins.syncGroup = () => synced.opened
  assert.equal(await member.advance(), false)
  assert.equal(await member.advance(), false)
  assert.deepEqual([heard, member.joining], [['prepare', 'join as new'], true])

  synced.open(Buffer.from('share'))
  await eventually(() => heard.includes('change'))
  assert.equal(await member.advance(), true)
  assert.deepEqual(heard.slice(2), ['change', 'assigned share'])
})

test('an assignment that could not be prepared is discarded, and the member rejoins', async (t) => {
  const { member, heard, protocol } = openMember(t)
  protocol.ready = async (_share, signal) => {
    member.requestRejoin()
    return !signal.aborted
  }
  assert.equal(await member.ensureActive(), false)
  assert.equal(member.state, 'rejoin-due')
  delete protocol.ready
  assert.equal(await member.ensureActive(), true)

  assert.deepEqual(heard, ['prepare', 'join as new', 'change', 'prepare', 'join as m', 'assigned mine'])
})

for (const [answered, overrides] of [
  ['to join', { syncGroup: () => Promise.reject(lostConnection()) }],
  ['that the group rebalances', { joinGroup: () => failure('REBALANCE_IN_PROGRESS', true) }],
] as const) {
  test(`a response ${answered} counts as contact with the coordinator`, async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: 1000 })
    const { member } = openMember(t, overrides)
    t.mock.timers.setTime(2000)
    assert.equal(await member.ensureActive(), false)

    assert.equal(member.lastContact, 2000)
  })
}

test('a heartbeat counts as contact at the time it was sent', async (t) => {
  const { member, calls } = openMember(t, {}, 1)
  const answers = [gate(), gate()]
  t.mock.timers.enable({ apis: ['Date'], now: 1000 })
  await member.ensureActive()
  let sent = 0
  calls.heartbeat = () => answers[sent++]!.opened
  t.mock.timers.setTime(2000)
  await untilNow(() => sent === 1)
  t.mock.timers.setTime(3000)
  answers[0]!.open()
  await untilNow(() => sent === 2)

  assert.equal(member.lastContact, 2000)
})

test('heartbeats continue while a join is pending, and count as contact although they report the rebalance', async (t) => {
  const { member, joins, calls, heard } = openMember(t, {}, 1)
  await member.ensureActive()
  const answer = gate<JoinAnswer>()
  joins.joinGroup = () => answer.opened
  member.requestRejoin()
  const joining = member.ensureActive()
  await eventually(() => member.state === 'joining')
  t.mock.timers.enable({ apis: ['Date'], now: 4000 })
  let beats = 0
  calls.heartbeat = () => {
    beats++
    return failure(beats === 1 ? 'ILLEGAL_GENERATION' : 'REBALANCE_IN_PROGRESS')
  }
  await untilNow(() => beats === 3)
  assert.deepEqual([member.lastContact, member.state], [4000, 'joining'])

  answer.open({ generation: 2, protocol: 'p', leaderId: 'm', memberId: 'm', members: [] })
  assert.equal(await joining, true)
  assert.equal(heard.includes('lost'), false)
})

test('the first heartbeats of a generation follow each other quickly', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { member, heard } = openMember(t, {}, 3000)
  await member.ensureActive()
  const beatsAt: number[] = []
  for (let at = 100; at <= 9000; at += 100) {
    t.mock.timers.tick(100)
    for (let turn = 0; turn < 5; turn++) await settle()
    if (heard.splice(0).includes('beat')) beatsAt.push(at)
  }
  assert.deepEqual(beatsAt, [100, 300, 700, 1500, 3100, 6100])
})

test('heartbeats follow each other quickly again when a rebalance is expected', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { member, heard } = openMember(t, {}, 3000)
  member.expectRebalance()
  await member.ensureActive()
  heard.length = 0
  const beatsAt: number[] = []
  for (let at = 100; at <= 9000; at += 100) {
    if (at === 7000 || at === 7100) member.expectRebalance()
    t.mock.timers.tick(100)
    for (let turn = 0; turn < 5; turn++) await settle()
    if (heard.splice(0).includes('beat')) beatsAt.push(at)
  }
  assert.deepEqual(beatsAt, [100, 300, 700, 1500, 3100, 6100, 7000, 7100, 7300, 7700, 8500])
})

/** A settled member whose heartbeats wait for a gate, on a clock of the test: the session lasts for a second. */
async function openSilent(t: TestContext) {
  const opened = openMember(t, {}, 300)
  const abandoned: number[] = []
  opened.cluster.abandon = async (_nodeId, since) => {
    abandoned.push(since)
    answers[sent - 1]!.break(lostConnection())
  }
  const answers = Array.from({ length: 5 }, () => gate())
  let sent = 0
  for (const { opened: answer } of answers) answer.catch(() => {}) // also of heartbeats that nobody awaits any more
  opened.calls.heartbeat = () => answers[sent++]!.opened
  t.mock.timers.enable({ apis: ['Date', 'setTimeout'], now: 10_000 })
  await opened.member.ensureActive()
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 50) {
      t.mock.timers.tick(50)
      for (let turn = 0; turn < 5; turn++) await settle()
    }
  }
  return { ...opened, abandoned, answers, pass, sent: () => sent }
}

test('a coordinator that does not respond within the session timeout is looked up again, and the membership is kept', async (t) => {
  const { member, heard, cluster, abandoned, answers, pass, sent } = await openSilent(t)
  await pass(1000)
  assert.deepEqual([sent(), abandoned, cluster.knownCoordinator()], [1, [], 1])
  await pass(100)
  assert.deepEqual([abandoned, cluster.knownCoordinator()], [[10_000], undefined])
  assert.deepEqual([member.state, member.generation], ['settled', 1])

  await pass(300)
  answers[1]!.open()
  await pass(400)
  assert.deepEqual([sent(), abandoned.length, cluster.knownCoordinator()], [3, 1, 1])
  assert.deepEqual([member.state, member.generation, heard.includes('lost')], ['settled', 1, false])
})

test('a new coordinator has a full session timeout to respond', async (t) => {
  const { abandoned, pass, sent } = await openSilent(t)
  await pass(1100)
  await pass(900)
  assert.deepEqual([sent(), abandoned.length], [2, 1])
  await pass(900)
  assert.equal(abandoned.length, 2)
})

test('a heartbeat that waits for the coordinator lookup does not time out', async (t) => {
  const { cluster, abandoned, pass, sent } = await openSilent(t)
  await pass(300)
  cluster.forgetCoordinator()
  await pass(5000)
  assert.deepEqual([sent(), abandoned], [1, []])
})

test('a heartbeat that was sent late because the process was blocked may still get a response', async (t) => {
  const { abandoned, answers, pass } = await openSilent(t)
  t.mock.timers.tick(950)
  for (let turn = 0; turn < 5; turn++) await settle()
  await pass(200)
  answers[0]!.open()
  await pass(50)
  assert.deepEqual(abandoned, [])
})

test('a response that arrived while the process was blocked is read before the timeout takes effect', async (t) => {
  const { abandoned, answers, pass } = await openSilent(t)
  await pass(300)
  t.mock.timers.tick(5000)
  answers[0]!.open()
  await pass(50)
  assert.deepEqual(abandoned, [])
})

test('every state has a way out and handles expulsion and rejoin requests', () => {
  for (const [state, moves] of Object.entries(memberMoves)) {
    assert.equal(moves.leave, 'left', state)
    assert.ok(moves['rejoin-asked'] !== undefined && moves.expelled !== undefined, state)
  }
})
