import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { sinkTaskContext } from '../../../testing/index.ts'
import { parseConfig } from '../../../java/index.ts'
import { required } from '../config/test/required.ts'
import { s3SinkConfig } from '../config/definition.ts'
import { s3Sink } from '../sink-connector.ts'

interface Line {
  readonly level: string
  readonly text: string
}

/** Opens a task with these settings; log lines are recorded. */
function opening(props: Readonly<Record<string, string>>) {
  const lines: Line[] = []
  const at = (level: string) => (text: string) => void lines.push({ level, text })
  const log = {
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: () => {},
    trace: () => {},
  }
  const all = {
    ...required,
    'aws.access.key.id': 'AKIAEXAMPLE',
    'aws.secret.access.key': 'swordfish',
    's3.part.retries': '0',
    ...props,
  }
  const { context } = sinkTaskContext({ props: all, log })
  return { lines, task: () => s3Sink.openTask(parseConfig(s3SinkConfig, all), context) }
}

/** Calls `use` with a server that answers each request with this error. */
async function withServer(status: number, code: string, use: (url: string) => Promise<void>): Promise<void> {
  const server: Server = createServer((request, response) => {
    request.resume()
    response.writeHead(status, { 'content-type': 'application/xml' })
    response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>It failed</Message></Error>`)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
}

test('a missing bucket fails the task at its start', () =>
  withServer(404, 'NoSuchBucket', async (url) => {
    const { task } = opening({ 'store.url': url })
    await assert.rejects(async () => task(), {
      code: 'HR_CONNECT',
      message: /shop-events: It failed \(NoSuchBucket\)\. Create the bucket/,
    })
  }))

test('a server that does not work yet is warned about, and the task starts', () =>
  withServer(503, 'SlowDown', async (url) => {
    const { task, lines } = opening({ 'store.url': url })
    const opened = await task()
    await opened.close?.()
    const [warning] = lines.filter(({ level }) => level === 'warn')
    assert.match(warning?.text ?? '', /SlowDown.* The task starts nevertheless/)
  }))

test('an interval without effect is warned about', () =>
  withServer(503, 'SlowDown', async (url) => {
    const { task, lines } = opening({ 'store.url': url, 'rotate.interval.ms': '60000' })
    const opened = await task()
    await opened.close?.()
    assert.ok(
      lines.some(({ level, text }) => level === 'warn' && text.startsWith('rotate.interval.ms=60000')),
    )
  }))

test('all tasks get the settings of the connector', async () => {
  const { context } = sinkTaskContext({ props: required })
  const connector = { ...context, requestTaskReconfiguration: () => {} }
  const running = await s3Sink.start(parseConfig(s3SinkConfig, required), connector)
  assert.deepEqual(await running.taskConfigs(3), [required, required, required])
})
