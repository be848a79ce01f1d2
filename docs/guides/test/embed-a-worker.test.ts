import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { root } from '../../../integration-tests/source-tree.ts'

test('the embedding guide lists only methods that the herder has', async () => {
  const page = await readFile(join(root, 'docs/guides/embed-a-worker.md'), 'utf8')
  const herder = await readFile(join(root, 'runtime/herder/herder.ts'), 'utf8')
  const interfaces = herder.matchAll(/export interface Herder(?:Queries|Commands)? [^{]*\{\n([\s\S]*?)\n\}/g)
  const members = [...interfaces].map(([, text = '']) => text).join('\n')
  const names = [...members.matchAll(/^ {2}(?:readonly )?(\w+)[(:]/gm)].map(([, name = '']) => name)
  assert.ok(names.includes('preview'))
  const rows = page.split('\n').filter((line) => line.startsWith('| `'))
  const listed = rows.flatMap((row) =>
    [...(row.split(' | ')[0] ?? '').matchAll(/`(\w+)[(`]/g)].map(([, name = '']) => name),
  )
  assert.ok(listed.length > 20)
  for (const name of listed) assert.ok(names.includes(name), `the herder has no ${name}`)
})
