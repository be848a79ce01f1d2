import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { root } from '../../../integration-tests/source-tree.ts'
import { handWritten, referencePages } from '../reference.ts'

const folder = join(root, 'docs', 'reference')

test('the reference is what the code says; npm run docs writes it anew', async () => {
  for (const [name, text] of await referencePages()) {
    assert.equal(await readFile(join(folder, name), 'utf8'), text, `docs/reference/${name} is out of date`)
  }
})

test('the reference has no page that nothing generates', async () => {
  const pages = await referencePages()
  const expected = [...pages.keys(), ...handWritten].toSorted()
  assert.deepEqual((await readdir(folder)).toSorted(), expected)
})
