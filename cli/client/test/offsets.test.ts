import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCommand } from '../../arguments.ts'
import { offsets } from '../offsets.ts'
import type { WorkerApi } from '../worker-api.ts'

test('offsets as JSON are those of the worker, with all digits, and control characters escaped', async () => {
  const answer =
    '{"offsets":[{"partition":{"p":"a\u009b2J\u007f"},"offset":{"n":12345678901234567890}}]}\r\n\u001b[2J'
  const api: WorkerApi = { url: 'http://h:1', request: async () => ({}), requestText: async () => answer }
  const written: string[] = []
  const command = parseCommand(['offsets', 'a', '--json'])
  assert.ok(command.kind === 'client')
  const out = { terminal: false, write: (text: string) => void written.push(text) }
  await offsets(api, command, out)
  assert.deepEqual(written, [
    String.raw`{"offsets":[{"partition":{"p":"a\u009b2J\u007f"},"offset":{"n":12345678901234567890}}]}` +
      ' \n' +
      String.raw`\u001b[2J`,
  ])
})
