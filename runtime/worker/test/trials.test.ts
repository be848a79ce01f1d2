import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { ConnectError } from '../../../api/index.ts'
import { silentLogger } from '../../telemetry/index.ts'
import { eventually, gate, settle } from '../../timing/test/gate.ts'
import { ProcessPool } from '../processes/pool.ts'
import { fakeProcess, type FakeProcess } from '../processes/test/fake-process.ts'
import type { InspectorMethods } from '../protocol.ts'
import { createTrials } from '../trials.ts'

/** Trials with fake processes, in the order in which they are forked. */
function open(t: TestContext, answers: Partial<InspectorMethods>, ready?: Promise<void>) {
  const forked: FakeProcess[] = []
  const fork = () => {
    const process = fakeProcess(forked.length + 1, answers, ready)
    forked.push(process)
    return process
  }
  const pool = new ProcessPool(1, fork, () => {}, silentLogger)
  t.after(() => pool.close())
  return { trials: createTrials(pool), forked }
}

const request = { config: { name: 'a' }, exists: false }

test('a diagnosis runs in its own process, which is closed afterwards', async (t) => {
  const findings = [{ id: 'fine', severity: 'info', message: 'x' }] as const
  const { trials, forked } = open(t, { diagnose: async () => findings })
  assert.deepEqual(await trials.diagnose(request), findings)
  assert.deepEqual(
    forked.map(({ calls, closed }) => [calls, closed]),
    [[['diagnose'], true]],
  )
})

const finding = { id: 'kafka-unreachable', severity: 'error', message: 'x' } as const

/** Hangs while the connector's part is included. */
const hangingConnector: Partial<InspectorMethods> = {
  diagnose: async (_request, _timeoutMs, scope) => (scope === 'all' ? gate<never>().opened : [finding]),
}

test('the process of a diagnosis that does not return is killed; the findings of the worker are returned', async (t) => {
  const { trials, forked } = open(t, hangingConnector)
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const diagnosis = trials.diagnose(request)
  await settle()
  t.mock.timers.tick(32_999)
  await settle()
  assert.equal(forked[0]?.closed, false)
  t.mock.timers.tick(1)
  const found = await diagnosis
  assert.deepEqual(
    found.map(({ id, severity }) => [id, severity]),
    [
      ['kafka-unreachable', 'error'],
      ['diagnose-failed', 'error'],
    ],
  )
  assert.match(found[1]?.message ?? '', /it did not return within 30 s$/)
  assert.deepEqual(
    forked.map(({ closed }) => closed),
    [true, true],
  )
})

test('a diagnosis whose process crashes returns the findings of the worker, without the reason of the crash', async (t) => {
  const { trials, forked } = open(t, hangingConnector)
  const diagnosis = trials.diagnose(request)
  await eventually(() => forked[0]?.calls.length === 1)
  forked[0]?.die({ reason: 'it ended with exit code 1: uncaught: Error: denied for s3cret' })
  const found = await diagnosis
  assert.deepEqual(
    found.map(({ id }) => id),
    ['kafka-unreachable', 'diagnose-failed'],
  )
  assert.match(found[1]?.message ?? '', /its process ended early$/)
  assert.equal(found[1]?.remedy, 'See the log of the worker for the reason.')
})

test('a diagnosis whose process ends before it has loaded fails; it is not a finding about the connector', async (t) => {
  const { trials, forked } = open(t, hangingConnector, gate<never>().opened)
  const diagnosis = trials.diagnose(request)
  diagnosis.catch(() => {})
  await eventually(() => forked.length === 1)
  forked[0]?.die({ kind: 'unstarted', reason: 'it exited with code 1: Error: denied for s3cret' })
  await assert.rejects(diagnosis, {
    code: 'HR_TASK_PROCESS_LOST',
    message:
      'The diagnosis is not complete: its process ended early. See the log of the worker for the reason',
  })
  assert.equal(forked.length, 1)
})

test("a diagnosis whose process crashes in the worker's part too fails without the reason", async (t) => {
  const { trials, forked } = open(t, { diagnose: () => gate<never>().opened })
  const diagnosis = trials.diagnose(request)
  diagnosis.catch(() => {})
  for (const index of [0, 1]) {
    await eventually(() => forked[index]?.calls.length === 1)
    forked[index]?.die({ reason: 'it ended with exit code 1: uncaught: Error: denied for s3cret' })
  }
  await assert.rejects(diagnosis, { code: 'HR_TASK_PROCESS_LOST', message: /^The diagnosis is not complete/ })
  await assert.rejects(diagnosis, (error: Error) => !error.message.includes('s3cret'))
})

test('two diagnoses run at once; a third is rejected with a retriable error', async (t) => {
  const under = gate<[]>()
  const { trials } = open(t, { diagnose: () => under.opened })
  const both = [trials.diagnose(request), trials.diagnose(request)]
  await assert.rejects(trials.diagnose(request), { code: 'HR_RETRIABLE' })
  under.open([])
  await Promise.all(both)
  assert.deepEqual(await trials.diagnose(request), [])
})

test('at most two deletions are handled at once; the others wait, even after one fails', async (t) => {
  const gates = [gate(), gate(), gate()]
  const seen: string[] = []
  const { trials } = open(t, {
    connectorDeleted: (name) => {
      seen.push(name)
      return gates[seen.length - 1]?.opened ?? assert.fail('called too often')
    },
  })
  const results = ['a', 'b', 'c'].map((name) => trials.connectorDeleted(name, {}))
  const failed = assert.rejects(results[0] ?? Promise.resolve(), { message: 'the slot is in use' })
  await eventually(() => seen.length === 2)
  await settle()
  assert.deepEqual(seen, ['a', 'b'])
  gates[0]?.break(new ConnectError('HR_CONNECT', 'the slot is in use'))
  await failed
  await eventually(() => seen.length === 3)
  gates[1]?.open()
  gates[2]?.open()
  await Promise.all(results.slice(1))
})
