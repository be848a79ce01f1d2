import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../../../api/index.ts'
import type { ConfigSnapshot, TaskId } from '../../../../stores/index.ts'
import { silentLogger } from '../../../../telemetry/index.ts'
import { WorkSet } from '../../assignment/work.ts'
import { DistributedTaskAdmission } from '../task-admission.ts'

const id: TaskId = { connector: 'c', task: 0 }

function openAdmission() {
  const asked: string[] = []
  const failures: Error[] = []
  const stopped = new AbortController()
  const state = { leads: false, generation: 2, tasks: [id] as TaskId[] }
  const ask = (whom: string) => async (connector: string) => {
    asked.push(`${whom}: ${connector}`)
    const failure = failures.shift()
    if (failure !== undefined) throw failure
  }
  const admission = new DistributedTaskAdmission({
    configs: {
      snapshot: () => ({ generations: new Map([['c', state.generation]]) }) as unknown as ConfigSnapshot,
      refresh: async () => void asked.push('read to the end'),
    },
    requests: { add: async (step) => step() },
    membership: {
      get isLeader() {
        return state.leads
      },
      get allocation() {
        return new WorkSet({ connectors: [], tasks: state.tasks })
      },
    },
    leader: { fence: ask('leader') },
    fenceAsLeader: ask('self'),
    stopped: stopped.signal,
    log: silentLogger,
  })
  return { admission, asked, failures, state, stopped }
}

test('the leader fences earlier tasks, whichever worker it is', async () => {
  const { admission, asked, state } = openAdmission()
  await admission.fence('c')
  state.leads = true
  await admission.fence('c')
  assert.deepEqual(asked, ['leader: c', 'self: c'])
})

test('the request is repeated while the cluster cannot answer, and follows the leadership', async () => {
  const { admission, asked, failures, state } = openAdmission()
  failures.push(new ConnectError('HR_REBALANCING', 'no leader'))
  const fencing = admission.fence('c')
  state.leads = true
  await fencing
  assert.deepEqual(asked, ['leader: c', 'self: c'])
})

test('any other failure of the round fails the start of the task', async () => {
  const { admission, failures } = openAdmission()
  const denied = new ConnectError('HR_CONNECT', 'The leader returned 500: not authorized')
  failures.push(denied)
  await assert.rejects(admission.fence('c'), denied)
})

test('a worker that stops gives up', async () => {
  const { admission, failures, stopped } = openAdmission()
  failures.push(new ConnectError('HR_REBALANCING', 'no leader'))
  stopped.abort()
  await assert.rejects(admission.fence('c'), { message: 'no leader' })
})

test('a task is verified at the end of the config topic', async () => {
  const { admission, asked } = openAdmission()
  await admission.verifyTask(id, 2)
  assert.deepEqual(asked, ['read to the end'])
})

test('a task whose settings have been replaced does not start', async () => {
  const { admission } = openAdmission()
  await assert.rejects(admission.verifyTask(id, 1), {
    message:
      'Cannot start source task c-0 with exactly-once support as the connector has already generated a new set of task configs',
  })
})

test('a task that was revoked does not start', async () => {
  const { admission, state } = openAdmission()
  state.tasks = []
  await assert.rejects(admission.verifyTask(id, 2), {
    message: 'Cannot start source task c-0 as it has already been revoked from this worker',
  })
})
