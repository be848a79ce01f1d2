import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../main.js', import.meta.url))
/** Has the process receive SIGTERM once it listens for it, before it loads any other module. */
const stopAtOnce = `process.on('newListener', (name) => {
  if (name === 'SIGTERM') queueMicrotask(() => process.emit('SIGTERM', 'SIGTERM'))
})`

async function stoppedAtOnce(...args: readonly string[]) {
  const preload = `data:text/javascript,${encodeURIComponent(stopAtOnce)}`
  const child = spawn(process.execPath, ['--import', preload, main, ...args])
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  return { code, signal, output }
}

test('a worker that is stopped while it loads its modules exits with code 0, before it reads its settings', async () => {
  const ending = await stoppedAtOnce('distributed', '/no/worker.properties')
  assert.deepEqual(ending, { code: 0, signal: null, output: '' })
})

test('a client command that is stopped while it loads its modules is terminated by the signal', async () => {
  const ending = await stoppedAtOnce('connectors', '--url', 'http://127.0.0.1:1')
  assert.deepEqual(ending, { code: null, signal: 'SIGTERM', output: '' })
})
