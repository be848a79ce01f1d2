import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { ConnectError, type TaskProps } from '../../../../api/index.ts'
import { silentLogger } from '../../../telemetry/index.ts'
import { eventually, gate, settle } from '../../../timing/test/gate.ts'
import { Reconfiguration } from '../reconfiguration.ts'
import { storedConnector } from './stored.ts'

/** Rounds for a connector `c` whose task configs come from `ask`. */
async function open(
  t: TestContext,
  ask: () => Promise<TaskProps[]>,
  { isStarted = () => true, config = {} }: { isStarted?: () => boolean; config?: TaskProps } = {},
) {
  const published: (readonly TaskProps[])[] = []
  const errors: unknown[] = []
  const configs = await storedConnector(config)
  const stop = new AbortController()
  t.after(() => stop.abort())
  const reconfiguration = new Reconfiguration(
    {
      worker: { isStarted, taskConfigs: ask },
      snapshot: () => configs.snapshot(),
      publish: async (_name, made) => void published.push(made),
    },
    stop.signal,
    { ...silentLogger, error: (_message, fields) => errors.push(fields?.['reason']) },
  )
  return { reconfiguration, published, errors, configs, stop }
}

test('a reconfiguration publishes the task configs of the connector, with unresolved variables', async (t) => {
  const { reconfiguration, published } = await open(t, async () => [{ password: 'revealed', table: 'a' }], {
    config: { password: '${file:secrets:password}', table: 'a' },
  })
  await reconfiguration.once('c')
  assert.deepEqual(published, [[{ password: '${file:secrets:password}', table: 'a' }]])
})

test('a connector that is not started or was deleted is not asked for task configs', async (t) => {
  const ask = async () => assert.fail('it was asked')
  const paused = await open(t, ask, { isStarted: () => false })
  await paused.reconfiguration.once('c')
  const removed = await open(t, ask)
  await removed.configs.removeConnector('c')
  await removed.reconfiguration.once('c')
  assert.deepEqual([paused.published, removed.published], [[], []])
})

test('reconfigurations of a connector do not overlap', async (t) => {
  const gates = [gate<TaskProps[]>(), gate<TaskProps[]>()]
  let asked = 0
  const { reconfiguration, published } = await open(
    t,
    () => gates[asked++]?.opened ?? assert.fail('asked again'),
  )
  const rounds = [reconfiguration.once('c'), reconfiguration.once('c')]
  await settle()
  assert.equal(asked, 1)

  gates[0]?.open([{ n: '1' }])
  gates[1]?.open([{ n: '2' }])
  await Promise.all(rounds)
  assert.deepEqual(published, [[{ n: '1' }], [{ n: '2' }]])
})

test('a failed reconfiguration rejects for its caller, and the next one still runs', async (t) => {
  let asked = 0
  const { reconfiguration, published } = await open(t, async () => {
    if (asked++ === 0) throw new RangeError('not now')
    return []
  })
  const first = reconfiguration.once('c')
  const second = reconfiguration.once('c')
  await assert.rejects(first, RangeError)
  await second
  assert.deepEqual(published, [[]])
})

test('requests are retried until one succeeds, and a new request runs immediately', async (t) => {
  let asked = 0
  const { reconfiguration, published, errors } = await open(t, async () => {
    if (asked++ < 2) throw new RangeError('not now')
    return []
  })
  reconfiguration.request('c')
  await eventually(() => errors.length === 1)
  reconfiguration.request('c')
  await eventually(() => errors.length === 2)
  reconfiguration.request('c')
  await eventually(() => published.length === 1)
  assert.deepEqual(errors, ['not now', 'not now'])
})

test('requests during a reconfiguration lead to one more', async (t) => {
  const first = gate<TaskProps[]>()
  let asked = 0
  const { reconfiguration, published } = await open(t, async () => (asked++ === 0 ? first.opened : []))
  for (let request = 0; request < 5; request++) reconfiguration.request('c')
  await settle()
  reconfiguration.request('c')
  first.open([])
  await eventually(() => published.length === 2)
  await settle()
  assert.equal(asked, 2)
})

test('a connector that generates too many tasks fails, and is not asked again', async (t) => {
  const { reconfiguration, errors } = await open(t, async () => {
    throw new ConnectError('HR_TOO_MANY_TASKS', 'too many')
  })
  reconfiguration.request('c')
  await eventually(() => errors.length === 1)
  await settle()
  assert.deepEqual(errors, ['too many'])
})

test('a connector that is stopped before it responds is not asked again until it runs and requests a reconfiguration', async (t) => {
  let isStarted = true
  let asked = 0
  const first = gate<TaskProps[]>()
  const ask = async () => (asked++ === 0 ? first.opened : [])
  const { reconfiguration, published, errors } = await open(t, ask, { isStarted: () => isStarted })
  reconfiguration.request('c')
  await settle()
  isStarted = false
  first.break(new ConnectError('HR_CONNECT', 'Connector c was stopped'))
  await settle()
  assert.deepEqual([asked, errors], [1, []])

  isStarted = true
  reconfiguration.request('c')
  await eventually(() => published.length === 1)
})

test('nothing is retried after the worker is stopped', async (t) => {
  const { reconfiguration, errors, stop } = await open(t, async () => {
    throw new RangeError('not now')
  })
  reconfiguration.request('c')
  await eventually(() => errors.length === 1)
  stop.abort()
  await settle()
  reconfiguration.request('c')
  await settle()
  assert.equal(errors.length, 1)
})
