import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { readJavaMap } from '../java-map.ts'
import { FileOffsetStore } from '../offset-store.ts'

async function temporaryFile(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-'))
  t.after(() => rm(folder, { recursive: true }))
  return join(folder, 'connect.offsets')
}

async function openStore(path: string): Promise<FileOffsetStore> {
  const store = new FileOffsetStore(path)
  await store.start()
  return store
}

test('offsets are available after a restart', async (t) => {
  const path = await temporaryFile(t)
  const store = await openStore(path)
  await store.set('c', [
    [{ filename: 'a' }, { position: 5 }],
    [{ filename: 'b' }, { position: 2n ** 60n }],
  ])
  await store.stop()
  const again = await openStore(path)

  assert.deepEqual(await again.get('c', [{ filename: 'a' }, { filename: 'b' }, { filename: 'x' }]), [
    { position: 5 },
    { position: 2n ** 60n },
    undefined,
  ])
  assert.deepEqual(await again.get('other', [{ filename: 'a' }]), [undefined])
  assert.deepEqual(
    (await again.all('c')).map(([partition]) => partition),
    [{ filename: 'a' }, { filename: 'b' }],
  )
})

test('the file has the format of the Java worker', async (t) => {
  const path = await temporaryFile(t)
  const store = await openStore(path)
  await store.set('c', [[{ filename: 'ä', part: 1 }, { position: 5 }]])
  const entries = readJavaMap(await readFile(path))

  assert.deepEqual(
    entries.map(([key, value]) => [key?.toString(), value?.toString()]),
    [['["c",{"filename":"ä","part":1}]', '{"position":5}']],
  )
})

test('a null offset deletes the stored one', async (t) => {
  const path = await temporaryFile(t)
  const store = await openStore(path)
  await store.set('c', [[{ filename: 'a' }, { position: 5 }]])
  await store.set('c', [[{ filename: 'a' }, null]])

  assert.deepEqual(await store.get('c', [{ filename: 'a' }]), [undefined])
  assert.deepEqual(await store.all('c'), [])
  assert.deepEqual(readJavaMap(await readFile(path)), [])
})

test('partitions with a different key order are different', async (t) => {
  const store = await openStore(await temporaryFile(t))
  await store.set('c', [[{ a: 1, b: 2 }, { position: 1 }]])

  assert.deepEqual(
    await store.get('c', [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ]),
    [{ position: 1 }, undefined],
  )
})

test('concurrent writes result in one complete file', async (t) => {
  const path = await temporaryFile(t)
  const store = await openStore(path)
  await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      store.set('c', [[{ filename: String(index) }, { position: index }]]),
    ),
  )

  assert.equal(readJavaMap(await readFile(path)).length, 20)
  assert.deepEqual(await readdir(join(path, '..')), ['connect.offsets'])
})

test('offsets may contain only primitive values', async (t) => {
  const store = await openStore(await temporaryFile(t))
  const nested = { list: [1] } as unknown as Record<string, string>

  await assert.rejects(store.set('c', [[{ filename: 'a' }, nested]]), {
    code: 'HR_DATA_INVALID',
    message: 'Offsets may only contain primitive types as values, but field list contains ARRAY',
  })
})

test('if one offset is rejected, none is set', async (t) => {
  const store = await openStore(await temporaryFile(t))
  const nested = { list: [1] } as unknown as Record<string, string>
  const set = store.set('c', [
    [{ filename: 'a' }, { position: 1 }],
    [{ filename: 'b' }, nested],
  ])
  await assert.rejects(set, { code: 'HR_DATA_INVALID' })
  assert.deepEqual(await store.all('c'), [])
})

test('writes after the stop are rejected, because another worker may own the file', async (t) => {
  const path = await temporaryFile(t)
  const store = await openStore(path)
  const under = store.set('c', [[{ filename: 'a' }, { position: 1 }]])
  await store.stop()
  await under
  await assert.rejects(store.set('c', [[{ filename: 'a' }, { position: 2 }]]), { code: 'HR_CONNECT' })
  assert.equal(readJavaMap(await readFile(path))[0]?.[1]?.toString(), '{"position":1}')
})

test('a file in another format is rejected and left unchanged', async (t) => {
  const path = await temporaryFile(t)
  await writeFile(path, 'no offsets')

  await assert.rejects(openStore(path), {
    code: 'HR_CONFIG_INVALID',
    configKey: 'offset.storage.file.filename',
    message: /connect\.offsets of offset\.storage\.file\.filename cannot be read/,
  })
  assert.equal(await readFile(path, 'utf8'), 'no offsets')
})
