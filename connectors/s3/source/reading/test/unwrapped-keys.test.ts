import assert from 'node:assert/strict'
import { test } from 'node:test'
import { INT64, STRING, struct } from '../../../../../api/index.ts'
import type { SchemaAndValue } from '../../../ports.ts'
import { unwrappedKeys } from '../unwrapped-keys.ts'

async function read(values: readonly SchemaAndValue[]): Promise<SchemaAndValue[]> {
  const reader = unwrappedKeys({
    async *read() {
      yield values
    },
  })
  const object = {
    key: 'k',
    size: 1,
    stream: () => (async function* () {})(),
    range: () => Promise.reject(new Error('not used')),
  }
  const all: SchemaAndValue[] = []
  for await (const batch of reader.read(object, 0, AbortSignal.timeout(1000))) all.push(...batch)
  return all
}

test('only structs with the single field key are unwrapped', async () => {
  const wrapper = struct({ key: STRING })
  const own = struct({ id: INT64 })
  assert.deepEqual(await read([{ schema: wrapper, value: { key: 'a' } }]), [{ schema: STRING, value: 'a' }])
  const kept = [
    { schema: own, value: { id: 1n } },
    { schema: STRING, value: 'a' },
    { schema: null, value: null },
  ]
  assert.deepEqual(await read(kept), kept)
})
