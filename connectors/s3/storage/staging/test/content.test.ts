import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, suite, test } from 'node:test'
import { StagingBudget } from '../budget.ts'
import { Content } from '../content.ts'
import { TemporaryFile } from '../temporary-file.ts'

const folder = await mkdtemp(join(tmpdir(), 'headrace-content-'))
const file = new TemporaryFile(folder)
after(async () => {
  await file.close()
  await rm(folder, { recursive: true })
})

/** Bytes that differ at each position. */
function bytesFrom(start: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let at = 0; at < length; at++) bytes[at] = ((start + at) * 31) % 251
  return bytes
}

function create() {
  const budget = new StagingBudget()
  const content = new Content(file, budget)
  const append = (length: number) => content.append(bytesFrom(content.size, length))
  return { budget, content, append }
}

async function assertRead(content: Content, start: number, end: number): Promise<void> {
  const body = await content.read(start, end)
  assert.ok(body.bytes.equals(bytesFrom(start, end - start)), `${start} to ${end}`)
  body.end()
}

suite('bytes of an object', () => {
  test('small and large pieces come back in any range', async () => {
    const { content, append } = create()
    for (const length of [1, 100, 5000, 4095, 4096, 20_000, 7, 70_000]) append(length)
    for (const [start, end] of [
      [0, content.size],
      [0, 1],
      [50, 5050],
      [9000, 30_000],
      [content.size - 1, content.size],
      [10, 10],
    ] as const) {
      await assertRead(content, start, end)
    }
    content.clear()
  })

  test('memory is counted with what is allocated, and is given back', async () => {
    const { budget, content, append } = create()
    for (let at = 0; at < 1000; at++) append(100)
    assert.ok(budget.memory >= 100_000 && budget.memory <= 200_000, `${budget.memory}`)
    append(1_000_000)
    await assertRead(content, 50_000, 600_000)
    assert.ok(budget.memory <= 1_300_000, `${budget.memory}`)
    content.clear()
    assert.deepEqual([budget.memory, budget.total], [0, 0])
  })

  test('bytes in the file and in memory are read together', async () => {
    const { budget, content, append } = create()
    append(300_000)
    await content.spill()
    assert.equal(budget.memory, 0)
    append(100)
    append(200_000)
    await content.spill()
    append(50_000)
    await assertRead(content, 0, content.size)
    await assertRead(content, 299_999, 300_050)
    await assertRead(content, 499_000, 510_000)
    assert.equal(content.spillable, 0)
    content.unclaim()
    assert.ok(content.spillable > 0)
    content.clear()
    assert.deepEqual([budget.total, file.used], [0, 0])
  })

  test('a body from the file is counted until its request has ended', async () => {
    const { budget, content, append } = create()
    append(300_000)
    await content.spill()
    const body = await content.read(0, 100_000)
    assert.equal(budget.total, 100_000)
    body.end()
    assert.equal(budget.total, 0)
    content.clear()
  })

  test('what a request has read stays in memory, what follows can be moved', async () => {
    const { content, append } = create()
    append(100_000)
    append(100_000)
    await assertRead(content, 0, 100_000)
    await content.spill()
    assert.equal(file.used, 100_000)
    await assertRead(content, 0, 200_000)
    content.clear()
    assert.equal(file.used, 0)
  })

  test('bytes that are appended or read during a move are not lost', async () => {
    const { content, append } = create()
    append(100_000)
    const spilled = content.spill()
    append(100)
    append(50_000)
    const read = assertRead(content, 0, 100_050)
    await Promise.all([spilled, read])
    await assertRead(content, 0, content.size)
    content.clear()
    assert.equal(file.used, 0)
  })

  test('an object that is cleared during a move or a read gives everything back', async () => {
    const { budget, content, append } = create()
    append(100_000)
    const spilled = content.spill()
    content.clear()
    await spilled
    assert.deepEqual([budget.total, file.used], [0, 0])
    const other = create()
    other.append(100_000)
    await other.content.spill()
    const read = other.content.read(0, 100_000)
    other.content.clear()
    await assert.rejects(read, /discarded/)
    assert.deepEqual([other.budget.total, file.used], [0, 0])
  })

  test('uploaded bytes are forgotten', async () => {
    const { content, append } = create()
    append(100_000)
    append(100_000)
    await content.spill()
    append(10_000)
    content.drop(200_000)
    assert.equal(file.used, 0)
    await assertRead(content, 200_000, 210_000)
    content.clear()
  })
})

suite('the temporary file', () => {
  test('it has no name, and is shortened when it is empty', async () => {
    const { content, append } = create()
    append(100_000)
    await content.spill()
    assert.deepEqual(await readdir(folder), [])
    content.clear()
    await file.trim()
    assert.equal(file.length, 0)
  })

  test('a folder that does not exist is a retriable error, and nothing is in use', async () => {
    const nowhere = new TemporaryFile(join(folder, 'nowhere'))
    await assert.rejects(nowhere.write([Buffer.alloc(10)], 10), {
      code: 'HR_RETRIABLE',
      message: /headrace\.s3\.staging\.dir/,
    })
    assert.equal(nowhere.used, 0)
    await nowhere.close()
  })

  test('nothing is written once it is closed', async () => {
    const closed = new TemporaryFile(folder)
    await closed.close()
    await assert.rejects(closed.write([Buffer.alloc(10)], 10), /closed/)
  })
})
