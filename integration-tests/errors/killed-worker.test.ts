import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  distributedProps,
  sharedKafka,
  startWorker,
  uniqueName,
  waitFor,
  workFolder,
  type RestClient,
} from '../services/index.ts'
import { readRecords, writeRecords } from '../topics/records.ts'

const RECORDS = 60_000
const BAD_EVERY = 3
const KILLS = 4
/** Fewer bytes than the good records of one batch add to the file. */
const MOST_BYTES = 50_000
/** The group drops killed workers soon and does not wait for them, because their successors have other URLs. */
const SESSION_MS = '6000'

const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter'

const valueOf = (index: number) => (index % BAD_EVERY === 0 ? `bad ${index}` : `{"n":${index}}`)

test('invariant 3: a worker killed at random moments delivers or dead-letters each record', async (t) => {
  const name = uniqueName('killed')
  const file = join(workFolder('sink'), 'out')
  const props = {
    ...distributedProps(await sharedKafka()),
    'session.timeout.ms': SESSION_MS,
    'heartbeat.interval.ms': '2000',
    'scheduled.rebalance.max.delay.ms': '0',
    'offset.flush.interval.ms': '20',
  }
  const written = () => statSync(file, { throwIfNoEntry: false })?.size ?? 0
  for (let kill = 0; kill < KILLS; kill++) {
    const worker = await startWorker(t, { props })
    if (kill === 0) await worker.rest.put(name, configOf(name, file))
    await writeRecords(name, batch(kill))
    const moment = goodBytes(kill) + randomInt(1, MOST_BYTES)
    await waitFor(() => (written() >= moment ? true : undefined), {
      timeoutMs: 60_000,
      what: () => `${moment} bytes in the file; there are ${written()}`,
    })
    await worker.kill()
  }
  const last = await startWorker(t, { props })
  await waitFor(async () => ((await lagOf(last.rest, name)) === 0 ? true : undefined), {
    timeoutMs: 60_000,
    what: 'the sink to read all records',
  })
  await last.stop()

  const good = new Set(readFileSync(file, 'utf8').split('\n'))
  const letters = await readRecords(`${name}-dlq`, RECORDS / BAD_EVERY)
  const bad = new Set(letters.map(({ value }) => value))
  const missing = Array.from({ length: RECORDS }, (_, index) => index).filter((index) =>
    index % BAD_EVERY === 0 ? !bad.has(valueOf(index)) : !good.has(`{n=${index}}`),
  )
  assert.deepEqual(missing, [])
  t.diagnostic(`${letters.length - RECORDS / BAD_EVERY} dead letters were repeated`)
})

/** The minimum size of the good records of the previous batches in the file. */
function goodBytes(batches: number): number {
  const indexes = Array.from({ length: (batches * RECORDS) / KILLS }, (_, index) => index)
  return indexes.reduce((sum, index) => sum + (index % BAD_EVERY === 0 ? 0 : `{n=${index}}\n`.length), 0)
}

function batch(kill: number) {
  const size = RECORDS / KILLS
  return Array.from({ length: size }, (_, index) => ({
    key: null,
    value: valueOf(kill * size + index),
    timestamp: Date.now(),
    headers: [],
  }))
}

const configOf = (name: string, file: string) => ({
  'connector.class': 'org.apache.kafka.connect.file.FileStreamSinkConnector',
  'topics': name,
  file,
  'value.converter': JSON_CONVERTER,
  'value.converter.schemas.enable': 'false',
  'errors.tolerance': 'all',
  'errors.deadletterqueue.topic.name': `${name}-dlq`,
  'errors.deadletterqueue.topic.replication.factor': '1',
  'errors.deadletterqueue.context.headers.enable': 'true',
  'consumer.override.session.timeout.ms': SESSION_MS,
})

/** Returns the number of records whose offsets are not committed yet. */
async function lagOf(rest: RestClient, name: string): Promise<number> {
  const { status, body } = await rest.get<{ offsets: { offset: { kafka_offset: number } }[] }>(
    `/connectors/${name}/offsets`,
  )
  return status === 200 ? RECORDS - (body.offsets[0]?.offset.kafka_offset ?? 0) : RECORDS
}
