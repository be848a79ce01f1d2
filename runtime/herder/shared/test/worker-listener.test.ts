import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryStatusStore } from '../../../stores/index.ts'
import { settle } from '../../../timing/test/gate.ts'
import { StatusReporter } from '../status-reporter.ts'
import { workerListener } from '../worker-listener.ts'

const id = { connector: 'c', task: 0 }

function open(explain: (name: string) => Promise<string> | undefined) {
  const statuses = new MemoryStatusStore()
  const renewals = { schedule: () => {}, cancel: () => {} }
  const reporter = new StatusReporter(statuses, 'w:1', () => 1)
  return { statuses, listener: workerListener(reporter, statuses, true, renewals, () => {}, explain) }
}

test('a failure is reported at once, and with its explanation when that is known', async () => {
  const { statuses, listener } = open(async (name) => `${name} lacks its class`)
  listener.connectorFailed('c', 'a trace', null)
  listener.taskFailed(id, 'a trace', null)
  assert.deepEqual([statuses.connector('c')?.trace, statuses.task(id)?.trace], ['a trace', 'a trace'])
  await settle()
  const explained = 'org.apache.kafka.connect.errors.ConnectException: c lacks its class'
  assert.deepEqual([statuses.connector('c')?.trace, statuses.task(id)?.trace], [explained, explained])
})

test('an explanation does not change the state of an instance that has been stopped meanwhile', async () => {
  const { statuses, listener } = open(async () => 'too late')
  listener.connectorFailed('c', 'a trace', null)
  listener.connectorShutDown('c', null)
  listener.taskFailed(id, 'a trace', null)
  listener.taskRunning(id, '1')
  await settle()
  assert.deepEqual([statuses.connector('c')?.state, statuses.task(id)?.state], ['UNASSIGNED', 'RUNNING'])
})
