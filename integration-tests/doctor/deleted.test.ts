import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  distributedProps,
  projectFolder,
  sharedKafka,
  startWorker,
  uniqueName,
  waitFor,
  workFolder,
} from '../services/index.ts'

const folder = workFolder('deleted')
const workerProps = {
  ...distributedProps(await sharedKafka()),
  'plugin.path': join(projectFolder, 'integration-tests/doctor/packages'),
}
const TASKS = 4

const settings = (name: string) => ({
  'connector.class': 'headrace.tests.TidySourceConnector',
  'tasks.max': String(TASKS),
  'notes': join(folder, name),
  'password': 's3cr3t',
})

const notesOf = async (name: string): Promise<string[]> =>
  (await readFile(join(folder, name), 'utf8')).trimEnd().split('\n')

test('in a cluster, a deleted connector is notified once, after its tasks on all workers have stopped; a new one waits', async (t) => {
  const workers = [await startWorker(t, { props: workerProps }), await startWorker(t, { props: workerProps })]
  const [first, other] = workers
  assert.ok(first !== undefined && other !== undefined)
  const { rest } = first
  const name = uniqueName('tidy')
  const gate = join(folder, `${name}.gate`)
  await rest.put(name, { ...settings(name), gate })
  await waitFor(
    async () => {
      const running = (await rest.status(name))?.tasks.filter(({ state }) => state === 'RUNNING') ?? []
      const places = new Set(running.map((task) => task.worker_id))
      return running.length === TASKS && places.size === 2 ? true : undefined
    },
    { timeoutMs: 60_000, what: 'tasks to run on both workers' },
  )

  await other.rest.delete(name)
  const again = rest.put(name, settings(name))
  assert.deepEqual(await notesOf(name), ['started'])
  await writeFile(gate, '')
  await again
  await rest.untilState(name, 'RUNNING')

  const ends = Array.from({ length: TASKS }, () => 'task ended')
  assert.deepEqual(await notesOf(name), ['started', ...ends, 'deleted s3cr3t', 'started'])
  for (const worker of workers) await worker.stop()
  const deletions = (await notesOf(name)).filter((note) => note.startsWith('deleted'))
  assert.equal(deletions.length, 1)
})
