import assert from 'node:assert/strict'
import { join } from 'node:path'
import { projectFolder, RestClient, waitFor } from '../services/index.ts'
import type { Engine } from './engine.ts'

const URL = 'http://127.0.0.1:8083'
const DATA = '/var/lib/headrace'
const FIRST_LINES = 1000
const ALL_LINES = 2000
const START_TIMEOUT_MS = 120_000
const FLOW_TIMEOUT_MS = 60_000

/** Builds the image of the project and resolves to its size in bytes. */
export async function buildImage(engine: Engine): Promise<number> {
  await engine.docker('build', '--network=host', '-t', 'headrace', projectFolder)
  return Number(await engine.docker('image', 'inspect', '--format', '{{.Size}}', 'headrace'))
}

/**
 * Starts compose.yaml, copies a file through Kafka to another file, stops the worker with SIGTERM while lines arrive,
 * starts it again, and checks that every line arrives once and in order. Resolves to the duration of the stop in
 * milliseconds.
 */
export async function runPipeline(engine: Engine): Promise<number> {
  const compose = (...args: readonly string[]) =>
    engine.compose('--project-directory', projectFolder, '-f', join(projectFolder, 'compose.yaml'), ...args)
  await compose('up', '-d', '--no-build')
  try {
    const container = (await compose('ps', '-q', 'headrace')).trim()
    const inside = (script: string) => engine.docker('exec', container, 'sh', '-c', script)
    await untilHealthy(engine, container)
    assert.notEqual((await inside('id -u')).trim(), '0', 'the worker runs as root')
    await inside(`seq 1 ${FIRST_LINES} > ${DATA}/in.txt`)
    await createConnectors(new RestClient(URL))
    await untilWritten(inside, FIRST_LINES)
    await inside(`seq ${FIRST_LINES + 1} ${ALL_LINES} >> ${DATA}/in.txt`)
    const since = performance.now()
    await compose('stop', 'headrace')
    const stopMs = performance.now() - since
    const state = await engine.docker('inspect', '--format', '{{.State.ExitCode}}', container)
    assert.equal(state.trim(), '0', 'the worker did not exit by itself')
    await compose('up', '-d', '--no-build')
    await untilHealthy(engine, container)
    await untilWritten(inside, ALL_LINES)
    const lines = (await inside(`cat ${DATA}/out.txt`)).trimEnd().split('\n')
    assert.deepEqual(
      lines,
      Array.from({ length: ALL_LINES }, (_, index) => String(index + 1)),
    )
    return stopMs
  } finally {
    await compose('down', '-v')
  }
}

async function createConnectors(rest: RestClient): Promise<void> {
  await rest.put('read-lines', {
    'connector.class': 'FileStreamSource',
    'file': `${DATA}/in.txt`,
    'topic': 'lines',
  })
  await rest.put('write-lines', {
    'connector.class': 'FileStreamSink',
    'file': `${DATA}/out.txt`,
    'topics': 'lines',
  })
  await rest.untilState('read-lines', 'RUNNING')
  await rest.untilState('write-lines', 'RUNNING')
}

async function untilHealthy(engine: Engine, container: string): Promise<void> {
  let health = ''
  await waitFor(
    async () => {
      health = await engine.docker('inspect', '--format', '{{.State.Health.Status}}', container)
      return health.trim() === 'healthy' ? true : undefined
    },
    { timeoutMs: START_TIMEOUT_MS, what: () => `the worker to be healthy; it is ${health}` },
  )
}

async function untilWritten(inside: (script: string) => Promise<string>, lines: number): Promise<void> {
  let count = 0
  await waitFor(
    async () => {
      count = Number(await inside(`cat ${DATA}/out.txt 2>/dev/null | wc -l`))
      return count >= lines ? true : undefined
    },
    { timeoutMs: FLOW_TIMEOUT_MS, what: () => `${lines} lines; there are ${count}` },
  )
}
