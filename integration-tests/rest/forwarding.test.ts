import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  distributedProps,
  KAFKA_ADDRESS,
  startWorker,
  uniqueName,
  waitFor,
  workFolder,
  type HeadraceWorker,
} from '../services/index.ts'

const PATIENCE_MS = 60_000

test('each worker of a cluster handles every request, and forwards it to the leader or the owner of a task if necessary', async (t) => {
  // A worker learns of a rebalance with its next heartbeat
  const props = { ...distributedProps(process.env[KAFKA_ADDRESS] ?? ''), 'heartbeat.interval.ms': '300' }
  const workers = [await startWorker(t, { props }), await startWorker(t, { props })]
  const [topic, folder] = [uniqueName('topic'), workFolder('forwarding')]
  const names = ['one', 'two', 'three', 'four'].map(uniqueName)
  const config = (name: string) => ({
    'connector.class': 'FileStreamSource',
    'file': join(folder, name),
    topic,
  })
  await Promise.all(names.map((name) => writeFile(join(folder, name), `${name}\n`)))

  for (const [index, name] of names.entries()) {
    const answer = await ask(workers[index % 2], 'POST', '/connectors', { name, config: config(name) })
    assert.equal(answer.status, 201, JSON.stringify(answer.body))
  }
  for (const name of names) await workers[0]?.rest.untilState(name, 'RUNNING')
  const ids = await waitFor(
    async () => {
      const states = await Promise.all(names.map(async (name) => workers[1]?.rest.status(name)))
      const found = new Set(
        states
          .flatMap((state) => (state?.tasks ?? []) as readonly { readonly worker_id?: string }[])
          .map((task) => task.worker_id),
      )
      return found.size === 2 ? found : undefined
    },
    { timeoutMs: PATIENCE_MS, what: 'tasks on both workers' },
  )
  assert.equal(ids.size, 2)

  for (const worker of workers) {
    for (const name of names) {
      const steps: [string, string, number, unknown?][] = [
        ['PUT', `/connectors/${name}/config`, 200, config(name)],
        ['PATCH', `/connectors/${name}/config`, 200, { 'tasks.max': '1' }],
        ['POST', `/connectors/${name}/restart`, 204],
        ['POST', `/connectors/${name}/restart?includeTasks=true`, 202],
        ['PUT', `/connectors/${name}/pause`, 202],
        ['PUT', `/connectors/${name}/resume`, 202],
      ]
      for (const [method, path, status, body] of steps) {
        const answer = await ask(worker, method, path, body)
        assert.equal(answer.status, status, `${method} ${path}: ${JSON.stringify(answer.body)}`)
      }
      await worker.rest.untilState(name, 'RUNNING')
      const restarted = await ask(worker, 'POST', `/connectors/${name}/tasks/0/restart`)
      assert.equal(restarted.status, 204, JSON.stringify(restarted.body))
    }
    const { body } =
      await worker.rest.get<Record<string, { tasks: { pid: number }[] }>>('/headrace/connectors')
    assert.ok(
      names.every((name) => (body[name]?.tasks[0]?.pid ?? -1) > 0),
      JSON.stringify(body),
    )
  }

  for (const [index, name] of names.entries()) {
    const worker = workers[index % 2]
    assert.equal((await ask(worker, 'PUT', `/connectors/${name}/stop`)).status, 204)
    await worker?.rest.untilState(name, 'STOPPED', { tasks: 0 })
    const reset = await ask(worker, 'DELETE', `/connectors/${name}/offsets`)
    assert.equal(reset.status, 200, JSON.stringify(reset.body))
    assert.equal((await ask(worker, 'DELETE', `/connectors/${name}`)).status, 204)
  }
  const loop = await ask(workers[0], 'DELETE', `/connectors/${names[0]}?forward=false`)
  const other = await ask(workers[1], 'DELETE', `/connectors/${names[0]}?forward=false`)
  assert.deepEqual(new Set([loop.status, other.status]), new Set([404, 409]))
})

/** Retries while the cluster is rebalancing, as every client has to. */
function ask(worker: HeadraceWorker | undefined, method: string, path: string, body?: unknown) {
  return waitFor(
    async () => {
      const answer = await worker?.rest.request<{ message?: string } | undefined>(method, path, body)
      const passes =
        path.includes('forward=false') || !/momentarily|conflicting/.test(answer?.body?.message ?? '')
      return answer?.status === 409 && !passes ? undefined : answer
    },
    { timeoutMs: PATIENCE_MS, what: `${method} ${path}` },
  )
}
