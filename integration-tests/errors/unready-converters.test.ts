import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { filePipeline } from '../delivery/file-pipeline.ts'
import { arrivalOf, sizeOf } from '../delivery/line-file.ts'
import {
  distributedProps,
  launchWorker,
  projectFolder,
  sharedKafka,
  waitFor,
  workFolder,
} from '../services/index.ts'
import { readRecords } from '../topics/records.ts'

/** Records with the same schema. */
const SIZE = 300
const PATIENCE_MS = 60_000
/** Longer than a record takes that waits for nothing. */
const LONG_MS = 1000
/** The group drops the killed consumer soon. */
const SESSION_MS = '6000'

const { rest, stop } = await launchWorker({
  props: {
    ...distributedProps(await sharedKafka()),
    'plugin.path': join(projectFolder, 'integration-tests/errors/packages'),
    'offset.flush.interval.ms': '200',
  },
})
after(stop)

/** Settings of a converter, and a function that lets it find a schema. */
function gated() {
  const gate = join(workFolder('gated'), 'schema')
  const config = {
    'value.converter': 'headrace.tests.GatedConverter',
    'value.converter.gate': gate,
    'value.converter.size': String(SIZE),
  }
  return { config, open: (id: number) => writeFileSync(`${gate}-${id}`, '') }
}

/** Waits until a task waits for a schema, and resolves to the PID of its process. */
function untilUnready(name: string, schema: number): Promise<number> {
  const reason = `the converter headrace.tests.GatedConverter is not ready: waiting for schema ${schema}`
  let last: unknown
  return waitFor(
    async () => {
      const task = (await rest.progress())[name]?.tasks[0]
      last = task
      return task?.blocked?.reason === reason ? task.pid : undefined
    },
    { timeoutMs: PATIENCE_MS, what: () => `${name} to wait for schema ${schema}: ${JSON.stringify(last)}` },
  )
}

async function offsetOf(name: string, key: string): Promise<number> {
  const { body } = await rest.get<{ offsets: { offset: Record<string, number> }[] }>(
    `/connectors/${name}/offsets`,
  )
  return body.offsets[0]?.offset[key] ?? 0
}

function untilOffset(name: string, key: string, wanted: number): Promise<true> {
  let last: number | undefined
  return waitFor(
    async () => {
      last = await offsetOf(name, key)
      return last === wanted || undefined
    },
    { timeoutMs: PATIENCE_MS, what: () => `offset ${wanted} of ${name}; it is ${last}` },
  )
}

test('processes killed while their converters wait lose no record, and keep the order and the offsets', async () => {
  const [ofSource, ofSink] = [gated(), gated()]
  const pipeline = filePipeline({
    source: ofSource.config,
    sink: { ...ofSink.config, 'consumer.override.session.timeout.ms': SESSION_MS },
  })
  const [source, sink] = pipeline.connectors
  pipeline.source.append(2 * SIZE)
  const converted = sizeOf(pipeline.source.path)
  pipeline.source.append(SIZE)
  for (const id of [0, 1]) ofSource.open(id)
  ofSink.open(0)
  await pipeline.create(rest)

  await untilOffset(source, 'position', converted)
  await untilOffset(sink, 'kafka_offset', SIZE)
  const processes = new Set([await untilUnready(source, 2), await untilUnready(sink, 1)])
  for (const pid of processes) process.kill(pid, 'SIGKILL')
  for (const [name, id] of [
    [source, 2],
    [sink, 1],
  ] as const) {
    await waitFor(async () => !processes.has(await untilUnready(name, id)) || undefined, {
      timeoutMs: PATIENCE_MS,
      what: `another process of ${name}`,
    })
  }
  assert.equal((await readRecords(pipeline.topic, 2 * SIZE)).length, 2 * SIZE)
  assert.equal(readFileSync(pipeline.sinkFile, 'utf8').split('\n').length - 1, SIZE)
  assert.equal(await offsetOf(sink, 'kafka_offset'), SIZE)

  ofSource.open(2)
  for (const id of [1, 2]) ofSink.open(id)
  await pipeline.untilLastLine()
  const expected = { missing: 0, damaged: [], stepsBack: 0, gaps: [] }
  assert.deepEqual(arrivalOf(pipeline.sinkFile, pipeline.source), expected)
  await untilOffset(source, 'position', sizeOf(pipeline.source.path))
  await untilOffset(sink, 'kafka_offset', 3 * SIZE)
})

const preview = (config: Record<string, string>, timeoutMs: number) =>
  rest.request<{
    records: { outcome: string; steps: { error?: { stage: string; message: string } }[] }[]
  }>('POST', '/headrace/preview', {
    config: { 'connector.class': 'FileStreamSink', 'topics': 'unused', 'file': '/dev/null', ...config },
    records: [{ value_base64: Buffer.from(`${SIZE} text`).toString('base64') }],
    timeout_ms: timeoutMs,
  })

test('a preview waits for a converter that is not ready', async () => {
  const { config, open } = gated()
  const waiting = preview(config, PATIENCE_MS)
  assert.equal(await Promise.race([waiting.then(({ body }) => body), pause(LONG_MS, 'waits')]), 'waits')
  open(1)
  const { status, body } = await waiting
  assert.equal(status, 200, JSON.stringify(body))
  assert.equal(body.records[0]?.outcome, 'delivered', JSON.stringify(body))
})

test('a preview whose converter is not ready in time reports it', async () => {
  const { body } = await preview(gated().config, LONG_MS)
  assert.match(JSON.stringify(body), /The converter was not ready within 1000 ms\./)
})
