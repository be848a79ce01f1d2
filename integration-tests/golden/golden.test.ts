import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { root } from '../source-tree.ts'
import { runGolden } from './recordings.ts'

const vectors = join(root, 'integration-tests/golden/vectors')

for (const folder of ['open/transforms', 'open/converters', 'config']) {
  test(`every recorded case of ${folder} has the same result as in Kafka Connect 4.3.1`, async () => {
    const { failures } = await runGolden(join(vectors, folder))
    assert.deepEqual(failures, [])
  })
}
