import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { parseCommand } from '../../arguments.ts'
import type { ClientAction } from '../action.ts'
import { doctor } from '../doctor.ts'
import { changeState } from '../lifecycle.ts'
import { create } from '../settings.ts'
import { RefusedRequest, type WorkerApi } from '../worker-api.ts'

/** Runs an action on a worker whose only connectors are those named; returns the output, requests and error. */
async function run(action: ClientAction, args: readonly string[], ...names: string[]) {
  const written: string[] = []
  const requests: string[] = []
  const request: WorkerApi['request'] = async (method, path) => {
    requests.push(`${method} ${path}`)
    const [, name = ''] = /connectors\/([^/]+)/.exec(path) ?? []
    if (name === '' || names.includes(name)) return { name, worker_id: 'h:1', findings: [] }
    throw new RefusedRequest(404, `Connector ${name} not found`)
  }
  const api: WorkerApi = { url: 'http://h:1', request, requestText: async () => '' }
  const command = parseCommand(args)
  assert.ok(command.kind === 'client')
  const out = { terminal: false, write: (text: string) => void written.push(text) }
  const error = await action(api, command, out).then(
    () => undefined,
    (thrown: Error & { exitCode?: number }) => ({ message: thrown.message, exitCode: thrown.exitCode }),
  )
  return { written, requests, error }
}

async function connectorFile(t: TestContext, name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'several-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'connector.json')
  await writeFile(file, JSON.stringify({ name, config: { 'connector.class': 'X' } }))
  return file
}

test('a change of several connectors is made and printed for those that exist', async () => {
  const { written, requests, error } = await run(changeState, ['delete', 'a', 'nope', 'b'], 'a', 'b')
  assert.deepEqual(written, ['a: deleted\nb: deleted'])
  assert.equal(requests.length, 3)
  assert.deepEqual(error, { message: 'Connector nope not found', exitCode: 2 })
})

test('each failure of a change is reported; without a success nothing else is printed', async () => {
  const { written, error } = await run(changeState, ['stop', 'x', 'y'])
  assert.deepEqual(written, [])
  assert.deepEqual(error, {
    message: 'Connector x not found\nheadrace: Connector y not found',
    exitCode: 2,
  })
})

test('the doctor prints the diagnoses of the other arguments if one is unknown', async () => {
  const { written, error } = await run(doctor, ['doctor', 'a', 'nope', '--json'], 'a')
  assert.equal((JSON.parse(written[0] ?? '') as unknown[]).length, 1)
  assert.deepEqual(error, {
    message: 'nope: there is neither a file nor a connector with this name',
    exitCode: 2,
  })
})

test('the doctor sends no request for a path that is not a file, a folder or an empty name', async () => {
  for (const [subject, shown] of [
    ['/nothere/a.json', '/nothere/a.json'],
    [tmpdir(), tmpdir()],
    ['', "''"],
  ] as const) {
    const { requests, error } = await run(doctor, ['doctor', subject])
    assert.deepEqual(requests, [])
    assert.equal(error?.message, `${shown}: there is neither a file nor a connector with this name`)
  }
})

test('create refuses a name that the REST API cannot address, without a request', async (t) => {
  const { requests, error } = await run(create, ['create', await connectorFile(t, 'a/b')])
  assert.deepEqual(requests, [])
  assert.equal(error?.exitCode, 3)
  assert.match(error?.message ?? '', /^a\/b: the REST API could not address .*: its name contains '\/'$/)
})
