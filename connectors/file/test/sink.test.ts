import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { test, type TestContext } from 'node:test'
import {
  INT32,
  STRING,
  struct,
  type Schema,
  type SinkTask,
  type SinkTaskContext,
} from '../../../api/index.ts'
import { sinkRecord } from '../../../testing/index.ts'
import { fileSink } from '../sink.ts'
import { temporaryFile } from './temporary-file.ts'

const signal: AbortSignal = new AbortController().signal
const ignore = () => {}
const log = { error: ignore, warn: ignore, info: ignore, debug: ignore, trace: ignore }

const record = (value: unknown, valueSchema: Schema | null = null) =>
  sinkRecord({ topic: 't', partition: 0, offset: 0, valueSchema, value })

async function openSink(t: TestContext, file: string): Promise<SinkTask> {
  const task = await fileSink.openTask({ file }, {} as SinkTaskContext) // the sink does not use its context
  t.after(() => task.close?.())
  return task
}

test('values are appended as lines to the existing file', async (t) => {
  const file = await temporaryFile(t)
  await writeFile(file, 'zero\n')
  const task = await openSink(t, file)
  await task.put([record('one'), record('zwö 🚀')], signal)
  await task.put([], signal)
  await task.put([record('three')], signal)

  assert.equal(await readFile(file, 'utf8'), 'zero\none\nzwö 🚀\nthree\n')
})

test('values other than strings are written in the format of Java', async (t) => {
  const file = await temporaryFile(t)
  const task = await openSink(t, file)
  const schema = struct({ a: INT32, b: STRING })
  await task.put([record(null), record(5), record({ a: 1, b: 'x' }, schema), record(true)], signal)

  assert.equal(await readFile(file, 'utf8'), 'null\n5\nStruct{a=1,b=x}\ntrue\n')
})

test('an incomplete line left by a killed worker is removed', async (t) => {
  const file = await temporaryFile(t)
  await writeFile(file, `whole\n${'half '.repeat(40_000)}`)
  const task = await openSink(t, file)
  await task.put([record('again')], signal)

  assert.equal(await readFile(file, 'utf8'), 'whole\nagain\n')
})

test('a file with only an incomplete line becomes empty', async (t) => {
  const file = await temporaryFile(t)
  await writeFile(file, 'half')
  await openSink(t, file)

  assert.equal(await readFile(file, 'utf8'), '')
})

test('tasks that share a file do not interleave their lines', async (t) => {
  const file = await temporaryFile(t)
  const tasks = [await openSink(t, file), await openSink(t, file)]
  const lines = tasks.map((_task, number) =>
    Array.from({ length: 500 }, (_, line) => `${number} ${line} ${'x'.repeat(80)}`),
  )
  await Promise.all(
    tasks.map(async (task, number) => {
      const mine = lines[number] ?? []
      for (let at = 0; at < 500; at += 50)
        await task.put(
          mine.slice(at, at + 50).map((line) => record(line)),
          signal,
        )
    }),
  )
  const written = (await readFile(file, 'utf8')).trimEnd().split('\n')

  for (const mine of lines)
    assert.deepEqual(
      written.filter((line) => mine.includes(line)),
      mine,
    )
  assert.equal(written.length, 1000)
})

test('a file that cannot be opened fails the task with the message of Kafka Connect', async (t) => {
  const file = `${await temporaryFile(t)}/below`

  await assert.rejects(openSink(t, file), {
    code: 'HR_CONNECT',
    message: `Couldn't find or create file '${file}' for FileStreamSinkTask`,
  })
})

test('all tasks of a sink have the settings of the connector', async () => {
  const props = { file: 'f' }
  const context = { props, log, requestTaskReconfiguration: ignore, fail: ignore }
  const running = await fileSink.start({ file: 'f' }, context)

  assert.deepEqual(await running.taskConfigs(3), [props, props, props])
})
