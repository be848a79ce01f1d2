import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { readRecords } from '../topics/records.ts'
import { sharedKafka, uniqueName, waitFor, workFolder, type RestClient } from '../services/index.ts'
import { mixedGroup, type Kind } from './mixed-group.ts'

const KEY_TTL_MS = 1500
const ROTATIONS = 3
const PATIENCE_MS = 60_000

type TaskConfigs = readonly { readonly config: Readonly<Record<string, string>> }[]

test('Java and Headrace workers publish task configs to each other as leaders while session keys are rotated', async (t) => {
  const kafka = await sharedKafka()
  const topic = `${uniqueName('rotating')}-configs`
  const group = mixedGroup(t, kafka, {
    'config.storage.topic': topic,
    'inter.worker.key.ttl.ms': String(KEY_TTL_MS),
  })
  const folder = workFolder('rotating')
  const names = Array.from({ length: 4 }, () => uniqueName('rotating'))
  let batch = 100
  /** Changes all connectors, half of which the worker that does not lead runs: it sends the task configs to the leader. */
  const change = async ({ rest }: { readonly rest: RestClient }) => {
    batch++
    for (const name of names)
      await rest.put(name, {
        'connector.class': 'FileStreamSource',
        'file': join(folder, name),
        'topic': name,
        'batch.size': String(batch),
      })
    for (const name of names) await untilTasksHave(rest, name, String(batch))
  }
  const keys = async () => {
    const records = await readRecords(topic, 1, kafka)
    return records.filter(({ key }) => key === 'session-key').length
  }
  const changeDuringRotations = async (leader: Kind) => {
    const known = await keys()
    let rounds = 0
    while ((await keys()) < known + ROTATIONS) {
      for (const member of group.members) await change(member)
      rounds++
    }
    assert.equal((await group.leader()).kind, leader)
    t.diagnostic(`led by a ${leader} worker: ${rounds} rounds, ${(await keys()) - known} new session keys`)
  }

  const ours = await group.start('headrace')
  await group.start('java')
  await change(ours)
  await group.untilRight(names)
  await changeDuringRotations('headrace')

  await group.kill(ours)
  await group.untilExpired() // a worker that joins before could lead
  await group.start('headrace', ours.rest.url)
  await group.untilRight(names)
  await changeDuringRotations('java')
})

async function untilTasksHave(rest: RestClient, name: string, batch: string): Promise<void> {
  let last: unknown
  await waitFor(
    async () => {
      const { body } = await rest.get<TaskConfigs>(`/connectors/${name}/tasks`)
      last = body
      return Array.isArray(body) &&
        body.length > 0 &&
        body.every(({ config }) => config['batch.size'] === batch)
        ? true
        : undefined
    },
    {
      timeoutMs: PATIENCE_MS,
      what: () => `tasks of ${name} with batch.size ${batch}: ${JSON.stringify(last)}`,
    },
  )
}
