import assert from 'node:assert/strict'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import type { Finding } from '../../../api/index.ts'
import { diagnoseSinkFile, diagnoseSourceFile, diagnoseTopic } from '../diagnosis.ts'
import { fileSink } from '../sink.ts'
import { fileSource } from '../source.ts'
import { temporaryFile } from './temporary-file.ts'

const stored = (position?: number) => ({
  lastOffsets: async () => [position === undefined ? undefined : { position }],
})
const shown = (findings: readonly Finding[]) => findings.map(({ id, severity }) => `${id} ${severity}`)
const TOO_LONG = 'x'.repeat(1000)

test('a source reports a missing file or folder, for which it waits', async (t) => {
  const file = await temporaryFile(t)
  const [finding] = await diagnoseSourceFile(file, stored())
  assert.deepEqual([finding?.id, finding?.severity], ['file-missing', 'warning'])
  assert.ok(finding?.message.includes(file))
  assert.deepEqual(shown(await diagnoseSourceFile(join(file, 'in', 'lines'), stored())), [
    'folder-missing warning',
  ])
})

test('a source reports a directory, and a file that it cannot access', async (t) => {
  const file = await temporaryFile(t)
  assert.deepEqual(shown(await diagnoseSourceFile(dirname(file), stored())), ['file-is-directory error'])
  await writeFile(file, '')
  for (const path of [join(file, 'lines'), join(dirname(file), TOO_LONG)]) {
    assert.deepEqual(shown(await diagnoseSourceFile(path, stored())), ['file-not-readable error'])
  }
})

test('a source reports an offset beyond the end of its file', async (t) => {
  const file = await temporaryFile(t)
  await writeFile(file, 'one\n')
  assert.deepEqual(await diagnoseSourceFile(file, stored()), [])
  assert.deepEqual(await diagnoseSourceFile(file, stored(4)), [])
  assert.deepEqual(shown(await diagnoseSourceFile(file, stored(5))), ['offset-beyond-end warning'])
})

test('a sink reports a missing folder, a directory, and a file that it cannot write', async (t) => {
  const file = await temporaryFile(t)
  const folder = dirname(file)
  assert.deepEqual(shown(await diagnoseSinkFile(join(folder, 'out', 'lines'))), ['folder-missing error'])
  assert.deepEqual(shown(await diagnoseSinkFile(folder)), ['file-is-directory error'])
  await writeFile(file, '')
  for (const path of [join(file, 'lines'), join(folder, TOO_LONG)]) {
    assert.deepEqual(shown(await diagnoseSinkFile(path)), ['file-not-writable error'])
  }
})

test('a sink finds nothing about a file that it can create or append to, and creates none', async (t) => {
  const file = await temporaryFile(t)
  assert.deepEqual(await diagnoseSinkFile(file), [])
  assert.deepEqual(await readdir(dirname(file)), [])
  await writeFile(file, 'one\n')
  assert.deepEqual(await diagnoseSinkFile(file), [])
  const folder = join(dirname(file), 'sub')
  await mkdir(folder)
  assert.deepEqual(await diagnoseSinkFile(join(folder, 'lines')), [])
})

test('a source reports the name of a topic that Kafka rejects', () => {
  assert.deepEqual(diagnoseTopic('lines'), [])
  assert.deepEqual(shown(diagnoseTopic('a b')), ['topic-name error'])
})

test('a path is diagnosed without the white space around it, as the task opens it', async (t) => {
  const file = await temporaryFile(t)
  await writeFile(file, 'one\n')
  const nothing = () => {}
  const log = { error: nothing, warn: nothing, info: nothing, debug: nothing, trace: nothing }
  const context = { signal: new AbortController().signal, log, exists: false, ...stored() }
  const props = { file: ` ${file} `, topic: 'lines' }
  assert.deepEqual(await fileSource.diagnose?.(props, context), [])
  assert.deepEqual(await fileSink.diagnose?.(props, context), [])
})
