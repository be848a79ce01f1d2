import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../../api/index.ts'
import { Changes } from '../../../timing/index.ts'
import { eventually, gate } from '../../../timing/test/gate.ts'
import type { TargetState } from '../../../stores/index.ts'
import type { ConnectorStateInfo } from '../../herder.ts'
import { deleteWithOffsets, type DeletionHerder } from '../deletion.ts'

/** A herder whose connector and task stop when the test allows it. It records the operations. */
function herderOf(own: Partial<DeletionHerder> = {}) {
  const calls: string[] = []
  const changes = new Changes()
  let target: TargetState = 'STARTED'
  let stopped = false
  let removed = false
  const herder: DeletionHerder = {
    stage: 'The worker is idle.',
    connectors: () => (removed ? [] : ['c']),
    setTargetState: async (_name, state) => {
      target = state
      calls.push(`target ${state}`)
    },
    targetState: () => target,
    status: (name) =>
      ({
        name,
        connector: { state: stopped ? 'STOPPED' : 'RUNNING' },
        tasks: stopped ? [] : [{ id: 0, state: 'RUNNING' }],
      }) as unknown as ConnectorStateInfo,
    until: (condition, timeoutMs, signal) => changes.waitFor(condition, timeoutMs, signal),
    changeOffsets: async (_name, offsets) => {
      calls.push(`offsets ${String(offsets)}`)
      return true
    },
    delete: async (name) => void calls.push(`delete ${name}`),
    ...own,
  }
  const stop = () => {
    stopped = true
    changes.notify()
  }
  const remove = () => {
    removed = true
    changes.notify()
  }
  return { herder, calls, stop, remove }
}

test('the offsets are reset once the connector and its tasks have stopped, and then it is deleted', async () => {
  const { herder, calls, stop } = herderOf()
  const deletion = deleteWithOffsets(herder, 'c')
  await eventually(() => calls.length === 1)
  assert.deepEqual(calls, ['target STOPPED'])
  stop()
  await deletion
  assert.deepEqual(calls, ['target STOPPED', 'offsets null', 'delete c'])
})

test('a connector that does not stop in time keeps its offsets and is not deleted', async () => {
  const { herder, calls } = herderOf({ until: async () => false })
  await assert.rejects(deleteWithOffsets(herder, 'c'), {
    code: 'HR_REQUEST_TIMEOUT',
    message: 'Connector c did not stop in time; its offsets were not reset and it was not deleted',
  })
  assert.deepEqual(calls, ['target STOPPED'])
})

test('the deletion ends when the connector is deleted by another request while it stops', async () => {
  const { herder, calls, remove } = herderOf()
  const deletion = deleteWithOffsets(herder, 'c')
  await eventually(() => calls.length === 1)
  remove()
  await assert.rejects(deletion, {
    code: 'HR_NOT_FOUND',
    message: 'Connector c was deleted by another request while this one waited for it to stop',
  })
  assert.deepEqual(calls, ['target STOPPED'])
})

test('a connector whose offsets cannot be reset is not deleted', async () => {
  const refused = new ConnectError('HR_GROUP_NOT_EMPTY', 'there are still members')
  const { herder, calls, stop } = herderOf({ changeOffsets: () => Promise.reject(refused) })
  stop()
  await assert.rejects(deleteWithOffsets(herder, 'c'), refused)
  assert.deepEqual(calls, ['target STOPPED'])
})

test('a connector that is resumed while its offsets are reset is not deleted', async () => {
  const { herder, calls, stop } = herderOf()
  const resumed: DeletionHerder = {
    ...herder,
    changeOffsets: async (name, offsets) => {
      const complete = await herder.changeOffsets(name, offsets)
      await herder.setTargetState(name, 'STARTED')
      return complete
    },
  }
  stop()
  await assert.rejects(deleteWithOffsets(resumed, 'c'), {
    code: 'HR_BAD_REQUEST',
    message: /^Connectors must be in the STOPPED state before their offsets can be modified/,
  })
  assert.deepEqual(calls, ['target STOPPED', 'offsets null', 'target STARTED'])
})

test('a step that takes too long ends the deletion with the stage of the herder', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const stuck = gate()
  const { herder, calls } = herderOf({ setTargetState: () => stuck.opened })
  const deletion = deleteWithOffsets(herder, 'c')
  t.mock.timers.tick(90_000)
  await assert.rejects(deletion, {
    code: 'HR_REQUEST_TIMEOUT',
    message: 'Request timed out. The worker is idle.',
  })
  assert.deepEqual(calls, [])
})
