import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { gzip } from '../gzip.ts'

const lines = (count: number): Buffer =>
  Buffer.from(
    Array.from({ length: count }, (_, at) => `{"id":${at},"at":${(at * 7919) % 10_007}}\n`).join(''),
  )

async function compressed(parts: readonly Buffer[], level = -1, releaseAfter?: number): Promise<Buffer> {
  const out: Buffer[] = []
  const compressor = gzip(level).compressor((bytes) => out.push(bytes))
  for (const [at, part] of parts.entries()) {
    compressor.add(part)
    if (at === releaseAfter) {
      await compressor.release()
      assert.equal(compressor.heldBytes, 0)
    }
  }
  await compressor.end()
  assert.equal(compressor.heldBytes, 0)
  return Buffer.concat(out)
}

const sliced = (bytes: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    bytes.subarray(at * size, at * size + size),
  )

test('an object of many chunks is one valid member, at every level', async () => {
  const bytes = lines(60_000)
  for (const level of [-1, 0, 1, 9]) {
    assert.ok(gunzipSync(await compressed(sliced(bytes, 50_000), level)).equals(bytes), `level ${level}`)
  }
})

test('chunks compress nearly as well as the whole', async () => {
  const bytes = lines(60_000)
  const whole = await compressed([bytes])
  const chunked = await compressed(sliced(bytes, 10_000))
  assert.ok(chunked.length < whole.length * 1.02, `${chunked.length} instead of ${whole.length}`)
})

test('what is released early does not break the object', async () => {
  const bytes = lines(20_000)
  assert.ok(gunzipSync(await compressed(sliced(bytes, 1000), -1, 3)).equals(bytes))
})

test('an empty object is valid', async () => {
  assert.equal(gunzipSync(await compressed([])).length, 0)
})

test('chunks beyond the slots are compressed at once, and the order is kept', async () => {
  const bytes = lines(200_000)
  const out: Buffer[] = []
  const compressor = gzip(1).compressor((part) => out.push(part))
  for (const part of sliced(bytes, 128 * 1024)) compressor.add(part)
  assert.ok(compressor.heldBytes < bytes.length * 0.75)
  await compressor.end()
  assert.ok(gunzipSync(Buffer.concat(out)).equals(bytes))
})
