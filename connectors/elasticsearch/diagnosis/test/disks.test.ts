import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ask } from '../answers.ts'
import { diskFindings, freeAt } from '../disks.ts'

const GIB = 1024 ** 3

/** A node with this much free space, of 1000 GiB. */
function node(freeGib: number, disk: object = {}): Ask {
  const watermark = { 'low': '85%', 'low.max_headroom': '200gb', 'high': '90%', 'flood_stage': '95%' }
  const settings = { defaults: { cluster: { routing: { allocation: { disk: { watermark, ...disk } } } } } }
  const total = { total_in_bytes: 1000 * GIB, available_in_bytes: freeGib * GIB }
  const stats = { nodes: { n1: { name: 'it-1', fs: { total } } } }
  return (_method, path) =>
    Promise.resolve({
      status: 200,
      retryAfterMs: undefined,
      body: path === '/_cluster/settings' ? settings : stats,
    })
}

test('nodes beyond a watermark are reported with their free space', async () => {
  const cases = [
    [200, undefined],
    [140, 'disk-low'],
    [90, 'disk-high'],
    [40, 'disk-flood-stage'],
  ] as const
  for (const [free, id] of cases) {
    const [finding] = await diskFindings(node(free))
    assert.equal(finding?.id, id, `${free} GiB`)
  }
  const [full] = await diskFindings(node(40))
  assert.match(
    full?.message ?? '',
    /^Node it-1 has 40\.0 GiB of free disk space, of 1000\.0, which is beyond/,
  )
})

test('nothing is reported if thresholds are off, or the user may not ask', async () => {
  assert.deepEqual(await diskFindings(node(1, { threshold_enabled: 'false' })), [])
  assert.deepEqual(await diskFindings(() => Promise.resolve(undefined)), [])
})

test('watermarks are shares or sizes, and shares leave at most the headroom free', () => {
  assert.equal(Math.round(freeAt('85%', undefined, 1000)), 150)
  assert.equal(Math.round(freeAt('0.9', undefined, 1000)), 100)
  assert.equal(freeAt('50gb', undefined, 1000 * GIB), 50 * GIB)
  assert.equal(freeAt('85%', '100GB', 10_000 * GIB), 100 * GIB)
  assert.equal(freeAt(undefined, undefined, 1000), 0)
  assert.equal(freeAt('much', undefined, 1000), 0)
})
