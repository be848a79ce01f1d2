import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDistributedConfig } from '../../../../config/index.ts'
import { MemoryConfigStore } from '../../../stores/index.ts'
import { silentLogger } from '../../../telemetry/index.ts'
import { Signal } from '../../../timing/index.ts'
import { eventually } from '../../../timing/test/gate.ts'
import { StageTracker } from '../../shared/stage.ts'
import { WorkSet } from '../assignment/work.ts'
import { ConfigChanges } from '../changes.ts'
import type { Rebalance } from '../membership.ts'
import { RequestQueue } from '../requests/request-queue.ts'
import { Turns, type TurnParts } from '../turns.ts'

const config = parseDistributedConfig({
  'bootstrap.servers': 'kafka:9092',
  'group.id': 'g',
  'config.storage.topic': 'configs',
  'offset.storage.topic': 'offsets',
  'status.storage.topic': 'statuses',
  'key.converter': 'JsonConverter',
  'value.converter': 'JsonConverter',
})

/** Ticks of a distributed worker; `done` records the calls of their steps. */
function open(duties: Partial<TurnParts['duties']>, rebalance?: Rebalance) {
  const done: string[] = []
  const notices: string[] = []
  const leads = { now: true }
  const stages = new StageTracker()
  const stopped = new AbortController()
  const outages: { blocked: TurnParts['outages']['blocked'] } = { blocked: null }
  let pending = rebalance
  const changes = new ConfigChanges(
    () => {},
    () => {},
  )
  const turns = new Turns({
    config,
    configs: new MemoryConfigStore(),
    member: {
      ensureActive: async () => true,
      requestRejoin: () => void done.push('rejoin'),
      leave: async () => {},
      comeBack: () => {},
      lastContact: Date.now(),
    },
    membership: {
      get pending() {
        return pending
      },
      settled: () => {
        pending = undefined
        done.push('settled')
      },
      forfeit: async () => {},
      allocation: new WorkSet(),
      scheduledAt: undefined,
      get isLeader() {
        return leads.now
      },
      mayRun: (name) => name === 'running',
      isEager: false,
      signsRequests: false,
    },
    duties: {
      takeUp: async () => void done.push('take up'),
      apply: async () => void done.push('apply'),
      forgetRemoved: () => void done.push('forget'),
      ...duties,
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
  return { turns, changes, done, notices, leads, stages, outages, stopped, pending: () => pending }
}

const fail = () => {
  throw new RangeError('not now')
}

test('changes that cannot be applied still lead to the rebalance that they ask for', async () => {
  const { turns, changes, done } = open({ apply: async () => fail() })
  changes.tasksUpdated([{ connector: 'c', task: 0 }])
  await assert.rejects(turns.applyChanges(), RangeError)
  assert.deepEqual(done, ['rejoin'])
})

test('changes that need no rebalance ask for none', async () => {
  const { turns, changes, done } = open({})
  changes.targetStateChanged('c')
  assert.equal(await turns.applyChanges(), 'continue')
  assert.deepEqual(done, ['apply'])
})

const gaveUp: Rebalance = { error: 0, offset: 0, gaveUp: true }

test('a rebalance whose outcome could not be taken up is taken up by the next turn', async () => {
  const failures = new Set(['takeUp', 'forgetRemoved'])
  const failOnce = (step: string) => {
    if (failures.delete(step)) fail()
  }
  const { turns, done } = open(
    { takeUp: async () => failOnce('takeUp'), forgetRemoved: () => failOnce('forgetRemoved') },
    gaveUp,
  )
  await assert.rejects(turns.takeUpWork(), RangeError)
  await assert.rejects(turns.takeUpWork(), RangeError)
  assert.deepEqual(done, [])
  assert.equal(await turns.takeUpWork(), 'again')
  assert.deepEqual(done, ['settled', 'rejoin'])
})

test('after a rebalance, the leader notifies deleted connectors that no member may run', async () => {
  const { turns, notices } = open({}, { error: 0, offset: 0, gaveUp: false })
  await turns.takeUpWork()
  assert.deepEqual(notices, ['gone'])
})

test('a worker that no longer leads the cluster drops the deletions that it has not reported', async () => {
  const { turns, notices, leads } = open({}, { error: 0, offset: 0, gaveUp: false })
  leads.now = false
  await turns.takeUpWork()
  assert.deepEqual(notices, ['dropped'])
})

test('the outcome of a rebalance is dealt with once', async () => {
  const { turns, done } = open({}, gaveUp)
  assert.equal(await turns.takeUpWork(), 'again')
  assert.equal(await turns.takeUpWork(), 'continue')
  assert.deepEqual(done, ['take up', 'forget', 'settled', 'rejoin'])
})

for (const [blocked, doing] of [
  [null, /currently polling the group coordinator for up to \d+ms or until interrupted, /],
  [{ since: 0, reason: 'down' }, /currently ensuring membership in the cluster, /],
] as const) {
  test(`a worker that has nothing to do says what it waits for: ${String(doing)}`, async () => {
    const { turns, stages, outages, stopped } = open({})
    outages.blocked = blocked
    const running = turns.run()
    await eventually(() => doing.test(stages.summary()))
    stopped.abort()
    await running
  })
}
