import assert from 'node:assert/strict'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { test } from 'node:test'
import { filesIn, pathsIn, root, type TreeFile } from '../../../integration-tests/source-tree.ts'
import { handWritten, referencePages } from '../reference.ts'

const folder = join(root, 'docs', 'reference')

test('the generated reference is up to date; npm run docs updates it', async () => {
  for (const [name, text] of await referencePages()) {
    assert.equal(await readFile(join(folder, name), 'utf8'), text, `docs/reference/${name} is out of date`)
  }
})

test('the reference contains only generated and handwritten pages', async () => {
  const pages = await referencePages()
  const expected = [...pages.keys(), ...handWritten].toSorted()
  assert.deepEqual((await readdir(folder)).toSorted(), expected)
})

const sourceFolders = [
  'api',
  'cli',
  'config',
  'connectors',
  'converters',
  'java',
  'rest-api',
  'runtime',
  'testing',
  'transforms',
]

async function sources(): Promise<TreeFile[]> {
  const files = (await Promise.all(sourceFolders.map((name) => filesIn(name, '.ts')))).flat()
  return files.filter(({ path }) => !path.split('/').includes('test'))
}

test('every invariant is cited where it is enforced, and its page lists these places', async () => {
  const page = await readFile(join(root, 'docs', 'invariants.md'), 'utf8')
  const rows = [...page.matchAll(/^\| (\d) +\|(.*)$/gm)]
  const files = await sources()
  for (const [, number = '', row = ''] of rows) {
    const listed = [...row.matchAll(/`([\w/.-]+\.ts)`/g)]
      .map(([, path = '']) => path)
      .filter((path) => !path.endsWith('.test.ts'))
    assert.match(row, /\.test\.ts`/, `invariant ${number} has no test`)
    const citing = files.filter(({ text }) => new RegExp(`invariant ${number}\\b`, 'i').test(text))
    assert.deepEqual(listed.toSorted(), citing.map(({ path }) => path).toSorted(), `invariant ${number}`)
  }
  assert.equal(rows.length, 8)
})

test('every difference from Kafka Connect is marked in the code and listed in the reference', async () => {
  const marked = (await sources()).filter(({ text }) => text.includes('Differs:')).map(({ path }) => path)
  const page = await readFile(join(folder, 'differences.md'), 'utf8')
  const listed = [...page.matchAll(/`([\w/.-]+\.ts)`\s*\|$/gm)].map(([, path = '']) => path)
  assert.deepEqual([...new Set(listed)].toSorted(), marked.toSorted())
})

test('every link in the documentation has a target', async () => {
  for (const { path, text } of await filesIn('', '.md')) {
    for (const [, target = ''] of text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
      if (/^[a-z]+:/.test(target)) continue
      const file = join(root, dirname(path), target)
      assert.ok(await stat(file).catch(() => undefined), `${path} links to ${target}, which does not exist`)
    }
  }
})

test('every source file that the documentation names exists', async () => {
  const present = new Set((await pathsIn()).flatMap((path) => [path, path.replace(/^runtime\//, '')]))
  for (const { path, text } of await filesIn('', '.md')) {
    for (const [, name = ''] of text.matchAll(/`((?:[\w-]+\/)+[\w.-]+\.ts)`/g)) {
      assert.ok(present.has(name), `${path} names ${name}, which does not exist`)
    }
  }
})

test('the index of decisions lists each decision', async () => {
  const index = await readFile(join(root, 'docs', 'decisions', 'README.md'), 'utf8')
  for (const path of await pathsIn('docs/decisions')) {
    const name = basename(path)
    if (name === 'README.md') continue
    assert.match(name, /^\d{8}-[a-z0-9-]+\.md$/)
    assert.ok(index.includes(`(${name})`), `docs/decisions/README.md does not name ${name}`)
  }
})
