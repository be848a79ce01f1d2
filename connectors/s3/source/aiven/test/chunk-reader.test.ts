import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chunkReader } from '../chunk-reader.ts'

async function read(parts: readonly string[], size: number, skip = 0): Promise<string[]> {
  const object = {
    key: 'k',
    size: 1,
    async *stream() {
      for (const part of parts) yield Buffer.from(part)
    },
    range: () => Promise.reject(new Error('not used')),
  }
  const values: string[] = []
  const reader = chunkReader(size, (bytes) => bytes)
  for await (const batch of reader.read(object, skip, AbortSignal.timeout(1000))) {
    values.push(...batch.map(({ value }) => String(value)))
  }
  return values
}

test('an object is divided into chunks, however it arrives', async () => {
  assert.deepEqual(await read(['abcdefg'], 3), ['abc', 'def', 'g'])
  assert.deepEqual(await read(['a', 'bcd', '', 'ef'], 3), ['abc', 'def'])
  assert.deepEqual(await read(['abc'], 10), ['abc'])
  assert.deepEqual(await read([], 10), [])
})

test('chunks that were read before are skipped', async () => {
  assert.deepEqual(await read(['abcdefg'], 3, 2), ['g'])
  assert.deepEqual(await read(['abcdefg'], 3, 5), [])
})
