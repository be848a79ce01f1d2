import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { distributedProps, sharedKafka, startJavaWorker } from '../services/index.ts'
import { testCommands } from './client-commands.ts'
import { headrace } from './command-line.ts'

const worker = await startJavaWorker({ props: distributedProps(await sharedKafka()) })
after(() => worker.stop())
testCommands(worker.rest.url)

test('preview reports that it requires a Headrace worker', async () => {
  const input = JSON.stringify({ 'name': 'x', 'connector.class': 'FileStreamSource', 'topic': 'x' })
  const { code, stderr } = await headrace(['preview', '-'], { env: { HEADRACE_URL: worker.rest.url }, input })
  assert.equal(code, 2)
  assert.match(stderr, /is not a Headrace worker; preview needs one/)
})

test('doctor reports that it requires a Headrace worker', async () => {
  const { code, stderr } = await headrace(['doctor', 'x'], { env: { HEADRACE_URL: worker.rest.url } })
  assert.equal(code, 2)
  assert.match(stderr, /is not a Headrace worker; doctor needs one/)
})
