import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Props } from '../../../../api/index.ts'
import { parseDistributedConfig } from '../../../../config/index.ts'
import { MemoryConfigStore } from '../../../stores/index.ts'
import { silentLogger } from '../../../telemetry/index.ts'
import { Signal } from '../../../timing/index.ts'
import { eventually } from '../../../timing/test/gate.ts'
import { StageTracker } from '../../shared/stage.ts'
import { WorkSet } from '../assignment/work.ts'
import { ConfigChanges } from '../config-changes.ts'
import type { Rebalance } from '../membership.ts'
import { RequestQueue } from '../requests/request-queue.ts'
import { HerderLoop, type HerderLoopParts } from '../herder-loop.ts'

const worker = {
  'bootstrap.servers': 'kafka:9092',
  'group.id': 'g',
  'config.storage.topic': 'configs',
  'offset.storage.topic': 'offsets',
  'status.storage.topic': 'statuses',
  'key.converter': 'JsonConverter',
  'value.converter': 'JsonConverter',
}

/** Ticks of a distributed worker; `done` records the calls of their steps. */
function open(
  runner: Partial<HerderLoopParts['runner']>,
  rebalance?: Rebalance,
  configs: HerderLoopParts['configs'] = new MemoryConfigStore(),
  { props = {}, isEager = false }: { readonly props?: Props; readonly isEager?: boolean } = {},
) {
  const done: string[] = []
  const notices: string[] = []
  const leads = { now: true, generation: 1, signs: false }
  const stages = new StageTracker()
  const stopped = new AbortController()
  const outages: { blocked: HerderLoopParts['outages']['blocked'] } = { blocked: null }
  let pending = rebalance
  const position = { now: 0 }
  const changes = new ConfigChanges(
    () => {},
    () => {},
    () => position.now,
  )
  const loop = new HerderLoop({
    config: parseDistributedConfig({ ...worker, ...props }),
    configs,
    member: {
      ensureActive: async () => true,
      requestRejoin: () => void done.push('rejoin'),
      leave: async () => void done.push('leave'),
      allowRejoin: () => void done.push('allow rejoin'),
      lastContact: Date.now(),
    },
    membership: {
      get pending() {
        return pending
      },
      applied: () => {
        pending = undefined
        done.push('applied')
      },
      superseded: () => {
        pending = undefined
        done.push('superseded')
      },
      left: async () => {},
      abandonAssignment: async () => void done.push('abandon'),
      allocation: new WorkSet(),
      scheduledAt: undefined,
      get isLeader() {
        return leads.now
      },
      get generation() {
        return leads.generation
      },
      mayRun: (name) => name === 'running',
      isEager,
      get signsRequests() {
        return leads.signs
      },
    },
    runner: {
      startAssigned: async () => void done.push('start assigned'),
      apply: async () => void done.push('apply'),
      forgetRemoved: () => void done.push('forget'),
      ...runner,
    },
    deletionNotices: {
      stopped: (runs) => void notices.push(...['running', 'gone'].filter((name) => !runs(name))),
      drop: () => void notices.push('dropped'),
    },
    changes,
    requests: new RequestQueue(() => {}),
    stages,
    outages,
    wake: new Signal(),
    stopped: stopped.signal,
    log: silentLogger,
  })
  return { loop, position, changes, done, notices, leads, stages, outages, stopped, pending: () => pending }
}

const fail = () => {
  throw new RangeError('not now')
}

test('changes that cannot be applied still lead to the rebalance that they require', async () => {
  const { loop, changes, done } = open({ apply: async () => fail() })
  changes.tasksUpdated([{ connector: 'c', task: 0 }])
  await assert.rejects(loop.applyChanges(), RangeError)
  assert.deepEqual(done, ['rejoin'])
})

test('changes that require no rebalance do not cause one', async () => {
  const { loop, changes, done } = open({})
  changes.targetStateChanged('c')
  assert.equal(await loop.applyChanges(), 'continue')
  assert.deepEqual(done, ['apply'])
})

test('an assignment made before a change of the work is not applied, because another rebalance follows', async () => {
  const { loop, position, changes, done } = open({}, { error: 0, offset: 0, hasRevoked: false })
  position.now = 1
  changes.connectorUpdated('new')
  assert.equal(await loop.startAssignedWork(), 'again')
  assert.deepEqual(done, ['superseded', 'rejoin'])
})

test('a change that an assignment takes into account needs no other rebalance', async () => {
  const { loop, changes, done } = open({}, { error: 0, offset: 0, hasRevoked: false })
  changes.connectorUpdated('new')
  assert.equal(await loop.startAssignedWork(), 'continue')
  assert.equal(await loop.applyChanges(), 'continue')
  assert.deepEqual(done, ['start assigned', 'forget', 'applied', 'apply'])
})

const afterRevocation: Rebalance = { error: 0, offset: 0, hasRevoked: true }

test('if applying the result of a rebalance fails, the next tick applies it', async () => {
  const failures = new Set(['startAssigned', 'forgetRemoved'])
  const failOnce = (step: string) => {
    if (failures.delete(step)) fail()
  }
  const { loop, done } = open(
    { startAssigned: async () => failOnce('startAssigned'), forgetRemoved: () => failOnce('forgetRemoved') },
    afterRevocation,
  )
  await assert.rejects(loop.startAssignedWork(), RangeError)
  await assert.rejects(loop.startAssignedWork(), RangeError)
  assert.deepEqual(done, [])
  assert.equal(await loop.startAssignedWork(), 'again')
  assert.deepEqual(done, ['applied', 'rejoin'])
})

test('after a rebalance, the leader notifies deleted connectors that no member may run', async () => {
  const { loop, notices } = open({}, { error: 0, offset: 0, hasRevoked: false })
  await loop.startAssignedWork()
  assert.deepEqual(notices, ['gone'])
})

test('a worker that no longer leads the cluster drops the deletions that it has not reported', async () => {
  const { loop, notices, leads } = open({}, { error: 0, offset: 0, hasRevoked: false })
  leads.now = false
  await loop.startAssignedWork()
  assert.deepEqual(notices, ['dropped'])
})

test('the result of a rebalance is applied once', async () => {
  const { loop, done } = open({}, afterRevocation)
  assert.equal(await loop.startAssignedWork(), 'again')
  assert.equal(await loop.startAssignedWork(), 'continue')
  assert.deepEqual(done, ['start assigned', 'forget', 'applied', 'rejoin'])
})

/** A config store that counts the claims of its write privileges. */
class ClaimedStore extends MemoryConfigStore {
  override hasWritePrivileges = false
  claims = 0
  failure: Error | undefined

  override async claimWritePrivileges(): Promise<void> {
    this.claims++
    if (this.failure !== undefined) throw this.failure
    this.hasWritePrivileges = true
  }
}

test('the leader claims the write privileges once per rebalance, and again after it lost them', async () => {
  const configs = new ClaimedStore()
  const { loop, leads } = open({}, undefined, configs)
  assert.equal(await loop.claimWritePrivileges(), 'continue')
  await loop.claimWritePrivileges()
  assert.equal(configs.claims, 1)
  leads.generation++
  await loop.claimWritePrivileges()
  assert.equal(configs.claims, 2)
  configs.hasWritePrivileges = false
  await loop.claimWritePrivileges()
  assert.equal(configs.claims, 3)
})

test('a claim that fails is repeated in the next tick, unless another worker leads by then', async () => {
  const configs = new ClaimedStore()
  const { loop, leads } = open({}, undefined, configs)
  configs.failure = new RangeError('not now')
  assert.equal(await loop.claimWritePrivileges(), 'pause')
  assert.equal(await loop.claimWritePrivileges(), 'pause')
  leads.now = false
  assert.equal(await loop.claimWritePrivileges(), 'continue')
  assert.equal(configs.claims, 2)
})

for (const [blocked, doing] of [
  [null, /currently polling the group coordinator for up to \d+ms or until interrupted, /],
  [
    { since: 0, reason: 'down' },
    /currently ensuring membership in the cluster, which began at 1970-01-01T00:00:00.000Z/,
  ],
] as const) {
  test(`an idle worker reports what it is waiting for: ${String(doing)}`, async () => {
    const { loop, stages, outages, stopped } = open({})
    outages.blocked = blocked
    const running = loop.run()
    await eventually(() => doing.test(stages.summary()))
    stopped.abort()
    await running
  })
}

/** A config store that cannot be read to its end. */
class StuckStore extends MemoryConfigStore {
  stuck = true

  override async refresh(): Promise<void> {
    if (this.stuck) throw new RangeError('too slow')
  }
}

const ahead: Rebalance = { error: 0, offset: 1_000_000, hasRevoked: false }

test('a worker that cannot catch up leaves an eager group, and backs off before it tries to read again', async () => {
  const configs = new StuckStore()
  const props = { 'worker.unsync.backoff.ms': '30' }
  const { loop, done, stages } = open({}, ahead, configs, { props, isEager: true })
  assert.equal(await loop.startAssignedWork(), 'again')
  const begunAt = performance.now()
  const pausing = loop.catchUp()
  await eventually(() => stages.summary().includes('sleeping for a backoff duration of 30ms'))
  assert.equal(await pausing, 'pause')
  assert.ok(performance.now() - begunAt >= 29)
  assert.deepEqual(done, ['leave'])
  configs.stuck = false
  assert.equal(await loop.catchUp(), 'continue')
  assert.deepEqual(done, ['leave', 'allow rejoin'])
})

test('with the other protocols, it keeps its work for five attempts that take ever longer', async () => {
  const configs = new StuckStore()
  const { loop, done, stages } = open({}, ahead, configs, {
    props: { 'scheduled.rebalance.max.delay.ms': '600' },
  })
  await loop.startAssignedWork()
  for (const ms of [12, 15, 20, 30, 60]) {
    const pausing = loop.catchUp()
    await eventually(() => stages.summary().includes(`sleeping for a backoff duration of ${ms}ms`))
    assert.equal(await pausing, 'pause')
  }
  assert.equal(done.includes('abandon'), false)
  await loop.catchUp()
  assert.deepEqual(done.slice(-2), ['leave', 'abandon'])
})

test('the leader replaces the session key when it expires or does not match the settings, and nobody else does', async () => {
  const key = (algorithm: string, ageMs: number, bytes = 32) => ({
    key: Buffer.alloc(bytes),
    algorithm,
    createdAt: Date.now() - ageMs,
  })
  const rounds = [
    { known: undefined, renewed: true },
    { known: key('HmacSHA256', 1000), renewed: false },
    { known: key('HmacSHA256', 61_000), renewed: true },
    { known: key('HmacSHA1', 1000), renewed: true },
    { known: key('HmacSHA256', 61_000), renewed: false, leads: false },
    { known: key('HmacSHA256', 61_000), renewed: false, signs: false },
    { known: key('HmacSHA256', 61_000), renewed: false, ttl: '0' },
    { known: key('HmacSHA256', 1000), renewed: true, bits: '512' },
  ]
  for (const { known, renewed, leads: isLeader = true, signs = true, ttl = '60000', bits } of rounds) {
    const written: number[] = []
    const configs = new (class extends MemoryConfigStore {
      override snapshot() {
        return { ...super.snapshot(), sessionKey: known }
      }
      override async putSessionKey(next: { key: Buffer }) {
        written.push(next.key.length)
      }
    })()
    const size = bits === undefined ? {} : { 'inter.worker.key.size': bits }
    const { loop, leads } = open({}, undefined, configs, {
      props: { 'inter.worker.key.ttl.ms': ttl, ...size },
    })
    leads.now = isLeader
    leads.signs = signs
    assert.equal(await loop.renewSessionKey(), 'continue')
    assert.deepEqual(written, renewed ? [Number(bits ?? 256) / 8] : [])
  }
})

test('a session key that cannot be written is written after the config topic has been read to its end', async () => {
  const configs = new StuckStore()
  configs.stuck = false
  configs.putSessionKey = async () => fail()
  const { loop, done, leads } = open({}, undefined, configs)
  leads.signs = true
  assert.equal(await loop.renewSessionKey(), 'pause')
  assert.equal(await loop.catchUp(), 'continue')
  assert.deepEqual(done, ['allow rejoin'])
})
