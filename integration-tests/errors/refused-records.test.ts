import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import {
  distributedProps,
  launchWorker,
  projectFolder,
  sharedKafka,
  uniqueName,
  waitFor,
  workFolder,
} from '../services/index.ts'
import type { ConfiguredRecord } from './packages/records/index.ts'
import { readRecords } from '../topics/records.ts'

const worker = await launchWorker({
  props: {
    ...distributedProps(await sharedKafka()),
    'plugin.path': join(projectFolder, 'integration-tests/errors/packages'),
  },
})
after(() => worker.stop())
const { rest } = worker

const STRING = 'org.apache.kafka.connect.storage.StringConverter'
const converters = { 'key.converter': STRING, 'value.converter': STRING }
const inFlight = 'producer.override.max.in.flight.requests.per.connection'

/** A record that cannot be written, the expected error of the task, and the settings that cause it. */
const culprits: Readonly<
  Record<string, { record: ConfiguredRecord; reason: RegExp; config?: Readonly<Record<string, string>> }>
> = {
  'larger than max.request.size': {
    record: { value: 'x', size: 5000 },
    reason: /RecordTooLargeException: The message is 5\d\d\d bytes when serialized/,
    config: { 'producer.override.max.request.size': '3000' },
  },
  "larger than the topic's max.message.bytes": {
    record: { value: 'x', size: 5000 },
    reason: /RecordTooLargeException: .*MESSAGE_TOO_LARGE/,
    config: { 'topic.creation.default.max.message.bytes': '3000' },
  },
  'for a partition that does not exist': {
    record: { value: 'x', partition: 7 },
    reason: /Partition 7 of topic \S+ with partition count 1 is not present in metadata/,
  },
  'for a negative partition': {
    record: { value: 'x', partition: -1 },
    reason: /Invalid partition: -1\. Partition number should always be non-negative or null\./,
  },
  'with a negative timestamp': {
    record: { value: 'x', timestamp: -1000 },
    reason: /^org\.apache\.kafka\.common\.InvalidRecordException: Invalid record timestamp -1000/,
  },
}

const values = async (topic: string, count: number) =>
  (await readRecords(topic, count)).map(({ value }) => value)

async function untilPosition(name: string, position: number): Promise<void> {
  type Offsets = { readonly offsets?: readonly { readonly offset: { readonly position: number } }[] }
  let last: unknown
  await waitFor(
    async () => {
      const { body } = await rest.get<Offsets>(`/connectors/${name}/offsets`)
      last = body
      return body.offsets?.[0]?.offset.position === position ? true : undefined
    },
    { timeoutMs: 30_000, what: () => `the offset ${position} of ${name}; there is ${JSON.stringify(last)}` },
  )
}

for (const requests of ['5', '1']) {
  for (const [what, { record, reason, config }] of Object.entries(culprits)) {
    const settings = (topic: string) => ({
      'connector.class': 'headrace.tests.RecordsSourceConnector',
      topic,
      'records': JSON.stringify([
        { value: 'a' },
        { value: 'b' },
        record,
        ...['c', 'd'].map((value) => ({ value })),
      ]),
      'topic.creation.default.replication.factor': '1',
      'topic.creation.default.partitions': '1',
      [inFlight]: requests,
      ...converters,
      ...config,
    })

    test(`a record ${what} fails its task before any later record is written (${requests} in flight)`, async () => {
      const name = uniqueName('refused')
      await rest.put(name, settings(name))
      for (let run = 0; run < 3; run++) {
        assert.match(await rest.untilTaskFailed(name), reason)
        await untilPosition(name, 2)
        await rest.request('POST', `/connectors/${name}/tasks/0/restart`)
      }

      assert.match(await rest.untilTaskFailed(name), reason)
      assert.deepEqual(await values(name, 2), ['a', 'b'])
      await rest.delete(name)
    })

    test(`a record ${what} is skipped with errors.tolerance=all (${requests} in flight)`, async () => {
      const name = uniqueName('skipped')
      await rest.put(name, { ...settings(name), 'errors.tolerance': 'all' })

      assert.deepEqual(await values(name, 4), ['a', 'b', 'c', 'd'])
      await rest.delete(name)
    })
  }
}

test('a line that is too long fails a file source, which repeats no line after restarts', async () => {
  const name = uniqueName('long-line')
  const file = join(workFolder('source'), 'in')
  await writeFile(file, ['a', 'b', 'x'.repeat(1_500_000), 'c', 'd', ''].join('\n'))
  await rest.put(name, { 'connector.class': 'FileStreamSource', 'topic': name, file, ...converters })
  for (let run = 0; run < 3; run++) {
    assert.match(await rest.untilTaskFailed(name), /Unrecoverable exception from producer send callback/)
    await untilPosition(name, 4)
    await rest.request('POST', `/connectors/${name}/tasks/0/restart`)
  }

  await rest.untilTaskFailed(name)
  assert.deepEqual(await values(name, 2), ['a', 'b'])
  await rest.delete(name)
})
