import assert from 'node:assert/strict'
import { appendFile, truncate, writeFile } from 'node:fs/promises'
import { test, type TestContext } from 'node:test'
import type { Logger, SourceOffset, SourceTask } from '../../../api/index.ts'
import { sourceTaskContext } from '../../../testing/index.ts'
import { fileSource } from '../source.ts'
import { temporaryFile } from './temporary-file.ts'

const signal: AbortSignal = new AbortController().signal

async function openSource(
  t: TestContext,
  file: string,
  { offset, batchSize = 100 }: { offset?: SourceOffset; batchSize?: number } = {},
) {
  const warnings: string[] = []
  const log: Logger = {
    error: () => {},
    warn: (message) => warnings.push(message),
    info: () => {},
    debug: () => {},
    trace: () => {},
  }
  const config = { 'file': file, 'topic': 't', 'batch.size': batchSize }
  const { context } = sourceTaskContext({ log, stored: () => offset })
  const task = await fileSource.openTask(config, context)
  t.after(() => task.close?.())
  return { task, warnings }
}

const poll = async (task: SourceTask) =>
  (await task.poll(signal)).map(({ value, sourceOffset }) => [value, sourceOffset?.['position']])

test('each line becomes a record with the position after the line as its offset', async (t) => {
  const file = await temporaryFile(t)
  await writeFile(file, 'one\nzwö\n')
  const { task } = await openSource(t, file)
  const [record] = await task.poll(signal)

  assert.deepEqual(
    [record?.topic, record?.value, record?.valueSchema?.type, record?.sourcePartition, record?.sourceOffset],
    ['t', 'one', 'string', { filename: file }, { position: 4 }],
  )
})

test('the source follows a growing file and waits for the end of an incomplete line', async (t) => {
  const file = await temporaryFile(t)
  await writeFile(file, 'one\ntw')
  const { task } = await openSource(t, file)
  assert.deepEqual(await poll(task), [['one', 4]])
  assert.deepEqual(await poll(task), [])

  await appendFile(file, 'o\nthree\n')
  assert.deepEqual(await poll(task), [
    ['two', 8],
    ['three', 14],
  ])
})

test('a poll at the end of the file waits and reads again before it returns', async (t) => {
  const file = await temporaryFile(t)
  await writeFile(file, 'one\n')
  const { task } = await openSource(t, file)
  await poll(task)
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let result: unknown
  const waiting = poll(task).then((lines) => (result = lines))
  for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve))
  assert.equal(result, undefined)
  await appendFile(file, 'two\n')
  while (result === undefined) {
    t.mock.timers.tick(1000)
    await new Promise((resolve) => setImmediate(resolve))
  }
  assert.deepEqual(await waiting, [['two', 8]])
})

test('a waiting poll returns when its signal aborts', async (t) => {
  const file = await temporaryFile(t)
  await writeFile(file, '')
  const { task } = await openSource(t, file)
  t.mock.timers.enable({ apis: ['setTimeout'] }) // the wait never times out
  const abort = new AbortController()
  const waiting = task.poll(abort.signal)
  abort.abort()

  assert.deepEqual(await waiting, [])
})

test('reading resumes at the stored offset', async (t) => {
  const file = await temporaryFile(t)
  await writeFile(file, 'ä\nb\nc\n')
  const { task } = await openSource(t, file, { offset: { position: 3 } })

  assert.deepEqual(await poll(task), [
    ['b', 5],
    ['c', 7],
  ])
})

test('the source waits for a nonexistent file, with a single warning', async (t) => {
  const file = await temporaryFile(t)
  const { task, warnings } = await openSource(t, file)
  assert.deepEqual([await poll(task), await poll(task)], [[], []])
  await writeFile(file, 'a\n')

  assert.deepEqual(await poll(task), [['a', 2]])
  assert.deepEqual(warnings, ['the file does not exist; waiting for it'])
})

test('a truncated file returns no lines until it grows beyond the current position', async (t) => {
  const file = await temporaryFile(t)
  await writeFile(file, 'a\nb\n')
  const { task } = await openSource(t, file)
  await poll(task)
  await truncate(file, 0)
  assert.deepEqual(await poll(task), [])

  await appendFile(file, '1\n2\n3\n')
  assert.deepEqual(await poll(task), [['3', 6]])
})

test('a poll returns at most batch.size lines', async (t) => {
  const file = await temporaryFile(t)
  await writeFile(file, 'a\nb\nc\n')
  const { task } = await openSource(t, file, { batchSize: 2 })

  assert.deepEqual([(await poll(task)).length, (await poll(task)).length], [2, 1])
})

test('a line may be longer than one read', async (t) => {
  const file = await temporaryFile(t)
  const long = 'long ü '.repeat(100_000)
  await writeFile(file, `short\n${long}\nshort\n`)
  const { task } = await openSource(t, file)
  const values: unknown[] = []
  for (let lines = await poll(task); lines.length > 0; lines = await poll(task)) {
    values.push(...lines.map(([value]) => value))
  }

  assert.ok(values[1] === long)
  assert.deepEqual([values.length, values[2]], [3, 'short'])
})

test('a stored position that is not an integer is rejected', async (t) => {
  const file = await temporaryFile(t)

  await assert.rejects(openSource(t, file, { offset: { position: 'x' } }), { code: 'HR_CONNECT' })
})

const alter = (offset: SourceOffset | null, partition: Record<string, string> | null = { filename: 'f' }) =>
  fileSource.alterOffsets?.({ file: 'f' }, [[partition, offset]])

test('altered offsets are validated with the messages of Kafka Connect', () => {
  assert.equal(alter({ position: 5 }), true)
  assert.equal(alter({ position: 2n ** 60n }), true)
  assert.equal(alter(null, { other: 'f' }), true)
  assert.throws(() => alter({ position: -1 }), /should be a non-negative value/)
  assert.throws(() => alter({ position: 1.5 }), /expected to be a Long value/)
  assert.throws(() => alter({}), /contain the key 'position'/)
  assert.throws(() => alter({ position: 1 }, null), /Partition objects cannot be null/)
  assert.throws(() => alter({ position: 1 }, { other: 'f' }), /should contain the key 'filename'/)
  assert.throws(() => fileSource.alterOffsets?.({}, []), /stdin is used for input/)
})
