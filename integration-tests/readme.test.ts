import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { filesOfPage } from '../docs/guides/test/examples.ts'
import { parseProperties } from '../config/index.ts'
import { commandLine } from './services/project.ts'
import { sharedKafka, startWorker, uniqueName, waitFor, workFolder } from './services/index.ts'

const run = promisify(execFile)
const PATIENCE = { timeoutMs: 30_000 }

test('the first connectors of the README work as described', async (t) => {
  const folder = workFolder('readme')
  const files = await filesOfPage('README.md')
  const name = uniqueName('readme')
  const own = (text: string) =>
    text.replaceAll('headrace', name).replaceAll(/(topics?)=lines/g, `$1=${name}-lines`)
  const props = Object.fromEntries(
    parseProperties(own(files.get('worker.properties') ?? '')).map(({ key, value }) => [key, value]),
  )
  const kafka = await sharedKafka(() => {})
  const worker = await startWorker(t, { props: { ...props, 'bootstrap.servers': kafka }, cwd: folder })
  const headrace = async (...args: readonly string[]) =>
    (await run(process.execPath, [commandLine, ...args, '--url', worker.rest.url], { cwd: folder })).stdout
  await writeFile(join(folder, 'lines.txt'), 'one\ntwo\n')
  for (const file of ['read-lines.properties', 'write-lines.properties']) {
    await writeFile(join(folder, file), own(files.get(file) ?? ''))
    await headrace('create', file, '--wait')
  }
  const copied = async (expected: string) => {
    const copy = await readFile(join(folder, 'copy.txt'), 'utf8').catch(() => '')
    return copy === expected ? true : undefined
  }

  await waitFor(() => copied('{"line":"one"}\n{"line":"two"}\n'), { ...PATIENCE, what: 'both lines' })
  await appendFile(join(folder, 'lines.txt'), 'three\n')
  await waitFor(() => copied('{"line":"one"}\n{"line":"two"}\n{"line":"three"}\n'), {
    ...PATIENCE,
    what: 'the appended line',
  })

  assert.match(await headrace('status'), /^read-lines +source +RUNNING/m)
})
