import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { silentLogger } from '../../../telemetry/index.ts'
import { gate, settle } from '../../../timing/test/gate.ts'
import { ProcessPool, type HostedProcess } from '../pool.ts'
import { processLost } from '../task-process.ts'
import { fakeProcess, type FakeProcess } from './fake-process.ts'

function openPool(t: TestContext, size = 2) {
  const forked: FakeProcess[] = []
  const kinds: string[] = []
  const ends: string[] = []
  const pool = new ProcessPool(
    size,
    (kind) => {
      const process = fakeProcess(forked.length + 1)
      kinds.push(kind)
      forked.push(process)
      return process
    },
    ({ reason }, members, purpose) => ends.push(`${reason}: ${purpose ?? members.join(', ')}`),
    silentLogger,
  )
  t.after(() => pool.close())
  return { pool, forked, kinds, ends }
}

const pids = (processes: readonly HostedProcess[]) => processes.map(({ process }) => process.pid)

test('tasks are distributed over the maximum number of processes, then join the one with the fewest', (t) => {
  const { pool } = openPool(t, 2)
  const homes = ['a', 'b', 'c'].map((member) => pool.share(member, true))
  assert.deepEqual(pids(homes), [1, 2, 1])
  assert.deepEqual(pids([pool.share('d', true)]), [2])

  pool.release('a')
  pool.release('c')
  assert.deepEqual(pids([pool.share('e', true)]), [1])
})

test('a connector does not count as load: it gets no separate process, and a task may join it', (t) => {
  const { pool, forked } = openPool(t, 2)
  assert.deepEqual(pids([pool.share('connector', false), pool.share('task', true)]), [1, 1])
  assert.equal(forked.length, 1)
})

test('a dedicated process runs one connector and its tasks, and nothing else', (t) => {
  const { pool, kinds } = openPool(t, 2)
  const own = [pool.dedicate('c', 'connector c', false), pool.dedicate('c', 'task c-0', true)]
  const others = [pool.share('task d-0', true), pool.dedicate('e', 'connector e', false)]
  assert.deepEqual(
    [pids(own), pids(others)],
    [
      [1, 1],
      [2, 3],
    ],
  )
  assert.deepEqual(kinds, ['dedicated', 'shared', 'dedicated'])
})

test('the end of a process is reported once with all its members, and another process may start', async (t) => {
  const { pool, forked, ends } = openPool(t, 1)
  pool.share('a', true)
  pool.share('b', true)
  forked[0]?.die({ reason: 'out of memory' })
  await settle()

  assert.deepEqual(ends, ['out of memory: a, b'])
  assert.deepEqual(pids([pool.share('a', true)]), [2])
})

test('a dedicated process that died is replaced', async (t) => {
  const { pool, forked } = openPool(t)
  pool.dedicate('c', 'task c-0', true)
  forked[0]?.die()
  await settle()

  assert.deepEqual(pids([pool.dedicate('c', 'task c-0', true)]), [2])
})

test('instances released before the end of the process are not reported', async (t) => {
  const { pool, forked, ends } = openPool(t, 1)
  pool.share('a', true)
  pool.share('b', true)
  pool.release('a')
  forked[0]?.die()
  await settle()
  assert.deepEqual(ends, ['it died: b'])
})

test('a process with only a hanging member is closed, and one with other members continues', async (t) => {
  const { pool, forked, ends } = openPool(t, 2)
  for (const member of ['a', 'b', 'c']) pool.share(member, true)
  await pool.evict('b')
  await pool.evict('a')
  await pool.evict('unknown')

  assert.deepEqual(
    forked.map(({ closed }) => closed),
    [false, true],
  )
  assert.deepEqual(ends, [], 'an end on request is not reported')
})

test('no other instances are placed in a quarantine process', (t) => {
  const { pool } = openPool(t, 1)
  const suspect = pool.quarantine()
  pool.add(suspect, 'suspect', true)
  assert.deepEqual([...suspect.members], ['suspect'])
  assert.deepEqual(pids([suspect, pool.share('other', true)]), [1, 2])
})

const pidOf = async ({ pid }: { readonly pid: number }) => pid

test('there is one inspector, which is replaced when it dies', async (t) => {
  const { pool, forked, ends } = openPool(t)
  assert.deepEqual([await pool.inspect(pidOf), await pool.inspect(pidOf)], [1, 1])
  forked[0]?.die({ reason: 'a plugin ended it' })
  await settle()

  assert.equal(await pool.inspect(pidOf), 2)
  assert.deepEqual(ends, ['a plugin ended it: '])
})

test('the inspector is closed 15 seconds after its last response, and not during a call', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { pool, forked } = openPool(t)
  const slow = gate()
  const answer = pool.inspect(() => slow.opened)
  await pool.inspect(pidOf)
  t.mock.timers.tick(90_000)
  assert.equal(forked[0]?.closed, false)

  slow.open()
  await answer
  t.mock.timers.tick(14_999)
  assert.equal(forked[0]?.closed, false)
  t.mock.timers.tick(1)
  assert.equal(forked[0]?.closed, true)
})

test('the inspector becomes the shared process of the connector that it has validated', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { pool, forked } = openPool(t, 2)
  assert.equal(await pool.inspect(pidOf), 1)
  assert.deepEqual(pids([pool.share('connector', false), pool.share('task', true)]), [1, 1])

  t.mock.timers.tick(90_000)
  assert.equal(forked[0]?.closed, false)
  assert.equal(await pool.inspect(pidOf), 2)
  assert.deepEqual(pids([pool.share('other task', true)]), [2])
})

test('an inspector with pending calls gets no connectors and tasks', async (t) => {
  const { pool } = openPool(t, 2)
  const slow = gate()
  const answer = pool.inspect(() => slow.opened)
  assert.deepEqual(pids([pool.share('task', true)]), [2])

  slow.open()
  await answer
  assert.equal(await pool.inspect(pidOf), 1)
})

test('dedicated and quarantine processes are always new, even if the inspector is idle', async (t) => {
  const { pool } = openPool(t, 2)
  await pool.inspect(pidOf)
  assert.deepEqual(pids([pool.dedicate('c', 'task c-0', true), pool.quarantine()]), [2, 3])
})

test('a shared process without instances becomes the inspector, and gets no instances during a call', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { pool, forked } = openPool(t, 1)
  pool.share('task', true)
  pool.release('task')
  const slow = gate()
  const answer = pool.inspect(async ({ pid }) => {
    await slow.opened
    return pid
  })
  assert.deepEqual(pids([pool.share('other', true)]), [2])

  t.mock.timers.tick(60_000)
  assert.equal(forked[0]?.closed, false)
  slow.open()
  assert.equal(await answer, 1)
})

test('a closed pool forks no processes', async (t) => {
  const { pool, forked } = openPool(t)
  await pool.close()
  assert.throws(() => pool.share('a', true), /Worker is shutting down/)
  await assert.rejects(pool.inspect(pidOf), /Worker is shutting down/)
  assert.deepEqual(forked, [])
})

test('an isolated call gets a process that is closed after it, even if it fails', async (t) => {
  const { pool, forked } = openPool(t)
  assert.equal(await pool.alone('diagnosis of a', async ({ pid }) => pid), 1)
  await assert.rejects(
    pool.alone('diagnosis of a', async () => {
      throw new RangeError('no')
    }),
    RangeError,
  )
  assert.deepEqual(
    forked.map(({ closed }) => closed),
    [true, true],
  )
  assert.deepEqual(pool.processes, [])
})

test('the end of a process names the isolated call that ran in it', async (t) => {
  const { pool, forked, ends } = openPool(t)
  const { opened, open } = gate()
  const call = pool.alone('diagnosis of a', () => opened)
  forked[0]?.die()
  await settle()
  open()
  await call
  assert.deepEqual(ends, ['it died: diagnosis of a'])
})

test('closing the pool closes all processes without reporting their ends', async (t) => {
  const { pool, forked, ends } = openPool(t, 1)
  pool.share('a', true)
  pool.dedicate('c', 'connector c', false)
  await pool.inspect(pidOf)
  await pool.close()
  await settle()

  assert.ok(forked.every(({ closed }) => closed))
  assert.deepEqual([ends, pool.processes], [[], []])
})

test('a call of built-in code goes to the shared process with the fewest tasks, or to the inspector if there is one', async (t) => {
  const { pool, kinds } = openPool(t, 2)
  assert.equal(await pool.inspectBesideTasks(pidOf), 1)
  pool.share('a', true)
  pool.share('b', true)
  pool.share('c', true)
  assert.deepEqual(kinds, ['inspector', 'shared'])
  assert.equal(await pool.inspectBesideTasks(pidOf), 2)
  assert.equal(await pool.inspect(pidOf), 3)
  assert.equal(await pool.inspectBesideTasks(pidOf), 3)
})

test('a call of built-in code is repeated in the inspector when the tasks keep their process busy', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { pool } = openPool(t, 1)
  pool.share('a', true)
  const never = gate()
  const answer = pool.inspectBesideTasks(async ({ pid }) => (pid === 1 ? never.opened : pid))
  await settle()
  t.mock.timers.tick(2000)
  assert.equal(await answer, 2)
})

test('a call of built-in code is repeated when its process ends, and fails as it does otherwise', async (t) => {
  const { pool, forked } = openPool(t, 1)
  pool.share('a', true)
  const answer = pool.inspectBesideTasks(async ({ pid, remote }) => {
    await remote.plugins()
    return pid
  })
  assert.equal(await answer, 1)
  const lost = pool.inspectBesideTasks(async ({ pid }) => {
    if (pid === 1) throw processLost('it died')
    return pid
  })
  assert.equal(await lost, 2)
  await assert.rejects(
    pool.inspectBesideTasks(() => Promise.reject(new Error('invalid'))),
    /invalid/,
  )
  assert.equal(forked.length, 2)
})
