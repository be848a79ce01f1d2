import assert from 'node:assert/strict'
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  distributedProps,
  KAFKA_ADDRESS,
  startWorker,
  uniqueName,
  waitFor,
  workFolder,
} from '../services/index.ts'
import { Random } from './generated/random.ts'
import { generatedRequest } from './generated/requests.ts'
import { send } from './generated/send.ts'

const REQUESTS = Number(process.env['GENERATED_REQUESTS'] ?? 2000)
const SEED = Number(process.env['GENERATED_SEED'] ?? 1)
const AT_ONCE = 16
const ANSWER_TIMEOUT_MS = 30_000
const PATIENCE_MS = 30_000

/** Matches lines of stack traces of Node.js and Java, and paths of source files. */
const STACK = /^\s+at (?!\[Source).+[:(]|node:internal|\.[jt]s:\d+:\d+|\.java:\d+\)/m

test('the worker responds to arbitrary requests without internal details, and keeps working', async (t) => {
  const folder = workFolder('generated')
  const [input, output] = [join(folder, 'in.txt'), join(folder, 'out.txt')]
  await writeFile(input, 'before\n')
  const worker = await startWorker(t, { props: distributedProps(process.env[KAFKA_ADDRESS] ?? '') })
  const base = new URL(worker.rest.url)
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
  t.after(() => agent.destroy())
  const [topic, name] = [uniqueName('topic'), uniqueName('guarded')]
  await worker.rest.put(`${name}-source`, { 'connector.class': 'FileStreamSource', 'file': input, topic })
  await worker.rest.put(`${name}-sink`, {
    'connector.class': 'FileStreamSink',
    'file': output,
    'topics': topic,
  })
  await worker.rest.untilState(`${name}-sink`, 'RUNNING')

  const random = new Random(SEED)
  const names = ['prey-a', 'prey-b', 'prey%20c']
  let [sent, answered] = [0, 0]
  const client = async () => {
    while (sent++ < REQUESTS) {
      const generated = generatedRequest(random, names)
      const outcome = await send(base, agent, generated, ANSWER_TIMEOUT_MS)
      if (outcome === undefined) continue
      answered++
      const what = `${generated.method} ${generated.path.slice(0, 200)}: ${outcome.text.slice(0, 500)}`
      assert.ok(outcome.status >= 200 && outcome.status < 600, what)
      assert.doesNotMatch(outcome.text, STACK, what)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, client))

  assert.ok(answered > 0.95 * REQUESTS, `only ${answered} of ${REQUESTS} requests got a response`)
  t.diagnostic(`${answered} of ${REQUESTS} requests got a response`)
  assert.equal((await worker.rest.get('/health')).status, 200)
  assert.equal(({} as { polluted?: unknown }).polluted, undefined)
  await appendFile(input, 'after\n')
  await waitFor(async () => ((await readFile(output, 'utf8')).endsWith('after\n') ? true : undefined), {
    timeoutMs: PATIENCE_MS,
    what: 'the connectors to copy data afterwards',
  })
})
