import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { cachedFolder, isCached, workFolder } from '../processes/index.ts'

/** Uses an empty cache until the end of the test. */
function emptyCache(t: TestContext): void {
  const usual = process.env['XDG_CACHE_HOME']
  process.env['XDG_CACHE_HOME'] = workFolder('cache')
  t.after(() => {
    if (usual === undefined) delete process.env['XDG_CACHE_HOME']
    else process.env['XDG_CACHE_HOME'] = usual
  })
}

test('a cached folder is filled once', async (t) => {
  emptyCache(t)
  assert.equal(await isCached('kit'), false)
  const fill = (folder: string) => writeFile(join(folder, 'file'), 'content')
  const first = await cachedFolder({ name: 'kit', fill })
  assert.equal(await isCached('kit'), true)

  const again = await cachedFolder({ name: 'kit', fill: () => assert.fail('filled again') })
  assert.equal(again, first)
  assert.equal(await readFile(join(again, 'file'), 'utf8'), 'content')
})

test('a folder that could not be filled is not cached', async (t) => {
  emptyCache(t)
  const broken = async (folder: string) => {
    await writeFile(join(folder, 'half'), '')
    throw new Error('the download broke')
  }
  await assert.rejects(cachedFolder({ name: 'kit', fill: broken }), /the download broke/)
  assert.equal(await isCached('kit'), false)

  const place = await cachedFolder({ name: 'kit', fill: async () => {} })
  assert.deepEqual(await readdir(place), [])
})

test('of two that fill a folder at the same time, one is kept', async (t) => {
  emptyCache(t)
  let started = 0
  let open = (): void => {}
  const both = new Promise<void>((resolve) => (open = resolve))
  const fill = (name: string) => async (folder: string) => {
    if (++started === 2) open()
    await both
    await writeFile(join(folder, name), '')
  }
  const [one, other] = await Promise.all([
    cachedFolder({ name: 'kit', fill: fill('one') }),
    cachedFolder({ name: 'kit', fill: fill('other') }),
  ])
  assert.equal(one, other)
  assert.equal((await readdir(one)).length, 1)
  assert.deepEqual(await readdir(dirname(one)), ['kit'])
})
