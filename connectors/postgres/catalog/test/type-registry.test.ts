import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadTypes } from '../type-registry.ts'

const row = { schema: 'public', type: 'b', base: '0', typmod: '-1', element: null, labels: null }
const int4 = { ...row, oid: '23', name: 'int4', schema: 'pg_catalog' }
const mood = { ...row, oid: '100', name: 'mood', type: 'e', labels: '["sad","ok"]' }
const moods = { ...row, oid: '101', name: '_mood', element: '100' }
const positive = { ...row, oid: '102', name: 'positive', type: 'd', base: '23', typmod: '7' }

test('each kind of type has its parts', async () => {
  const types = await loadTypes(async () => [int4, mood, moods, positive])
  assert.deepEqual(types.get(23), { oid: 23, name: 'int4', schema: 'pg_catalog', kind: 'base' })
  assert.deepEqual(types.get(100), {
    oid: 100,
    name: 'mood',
    schema: 'public',
    kind: 'enum',
    labels: ['sad', 'ok'],
  })
  assert.deepEqual(types.get(101), {
    oid: 101,
    name: '_mood',
    schema: 'public',
    kind: 'array',
    elementOid: 100,
  })
  assert.deepEqual(types.get(102), {
    oid: 102,
    name: 'positive',
    schema: 'public',
    kind: 'domain',
    baseOid: 23,
    baseTypmod: 7,
  })
})

test('types that appear later are added', async () => {
  const types = await loadTypes(async () => [int4])
  assert.deepEqual(types.missing([23, 100, 101]), [100, 101])
  await types.add(
    async (_sql, values) => {
      assert.deepEqual(values, ['{100,101}'])
      return [mood, moods]
    },
    types.missing([23, 100, 101]),
  )
  assert.equal(types.get(101)?.elementOid, 100)
  assert.deepEqual(types.missing([23, 100, 101]), [])
})

test('labels of a known enum stay as they are', async () => {
  const types = await loadTypes(async () => [mood])
  await types.add(async () => [{ ...mood, labels: '["sad","ok","happy"]' }, moods], [101])
  assert.deepEqual(types.get(100)?.labels, ['sad', 'ok'])
})

test('nothing is queried if nothing is missing', async () => {
  const types = await loadTypes(async () => [int4])
  await types.add(async () => assert.fail('queried'), types.missing([23]))
})
