import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { readSignalFile } from '../file.ts'
import { readSignalText } from '../signal-text.ts'

let folder = ''
const logged: string[] = []
const log = (message: string): void => void logged.push(message)
const logger = { error: log, warn: log, info: log, debug: log, trace: log }

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signals-'))
})
after(() => rm(folder, { recursive: true }))

test('signals are read line by line, and the file is emptied', async () => {
  const path = join(folder, 'signals.txt')
  const lines = [
    '{"id":"1","type":"log","data":{"message":"a"}}',
    '',
    'bad',
    '{"id":"2","type":"pause-snapshot"}',
  ]
  await writeFile(path, lines.join('\r\n'))
  assert.deepEqual(await readSignalFile(path, logger), [
    { id: '1', type: 'log', data: '{"message":"a"}' },
    { id: '2', type: 'pause-snapshot', data: null },
  ])
  assert.match(logged.join('\n'), /signals\.txt is ignored: it is not valid JSON/)
  assert.equal(await readFile(path, 'utf8'), '')
  assert.deepEqual(await readSignalFile(path, logger), [])
})

test('a file that does not exist, or a folder, has no signals', async () => {
  const lines = logged.length
  assert.deepEqual(await readSignalFile(join(folder, 'missing'), logger), [])
  assert.deepEqual(await readSignalFile(folder, logger), [])
  assert.equal(logged.length, lines)
})

test('data may be text, as in the signal table', () => {
  assert.deepEqual(readSignalText('{"id":"1","type":"log","data":"{}"}'), {
    id: '1',
    type: 'log',
    data: '{}',
  })
})

test('a signal needs an id and a type', () => {
  assert.match(String(readSignalText('{"type":"log"}')), /expected a string as "id", found undefined/)
  assert.match(String(readSignalText('{"id":"1"}')), /signal "1" must have a string as "type"/)
  assert.match(String(readSignalText('[]')), /must be a JSON object/)
})
