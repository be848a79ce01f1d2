import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { root } from './source-tree.ts'

/** Returns the paths of the project's own files in the packed package, without bundled packages. */
async function packedFiles(): Promise<ReadonlySet<string>> {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts', '--offline']
  const { stdout } = await promisify(execFile)('npm', args, { cwd: root, maxBuffer: 2 ** 26 })
  const [packed] = JSON.parse(stdout) as readonly { readonly files: readonly { readonly path: string }[] }[]
  const paths = packed?.files.map(({ path }) => path) ?? []
  return new Set(paths.filter((path) => !path.startsWith('node_modules/')))
}

test('links in packed pages lead to packed pages', async () => {
  const files = await packedFiles()
  const pages = [...files].filter((path) => path.endsWith('.md') && !path.startsWith('bench/'))
  assert.ok(pages.includes('README.md') && pages.includes('docs/guides/write-a-plugin.md'))
  for (const page of pages) {
    const text = await readFile(join(root, page), 'utf8')
    for (const [, link = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(?:https?:|#)/.test(link)) continue
      const target = normalize(join(dirname(page), link.replace(/#.*$/, '')))
      assert.ok(files.has(target), `${page} links to ${link}, which is not packed`)
    }
  }
})

test('the package contains the command and no tests', async () => {
  const files = await packedFiles()
  assert.ok(files.has('dist/cli/main.js'))
  assert.deepEqual(
    [...files].filter((path) => /\/test\/|\.test\.|\.map$/.test(path)),
    [],
  )
})
