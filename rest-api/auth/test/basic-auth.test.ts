import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { Logger } from '../../../api/index.ts'
import { accessFilter } from '../basic-auth.ts'

const EXTENSION = 'org.apache.kafka.connect.rest.basic.auth.extension.BasicAuthSecurityRestExtension'
const nothing = (): void => {}
const log: Logger = { error: nothing, warn: nothing, info: nothing, debug: nothing, trace: nothing }

async function filterWith(t: TestContext, credentials: string) {
  const folder = await mkdtemp(join(tmpdir(), 'auth-'))
  t.after(() => rm(folder, { recursive: true }))
  const [jaas, file] = [join(folder, 'jaas.conf'), join(folder, 'credentials')]
  await writeFile(file, credentials)
  await writeFile(jaas, `KafkaConnect { PropertyFileLoginModule required file="${file}"; };`)
  const env = { KAFKA_OPTS: `-Xmx1g -Djava.security.auth.login.config=${jaas}` }
  const filter = await accessFilter([EXTENSION], null, env, log)
  return (method: string, url: string, authorization?: string): boolean => {
    const request = new IncomingMessage(new Socket())
    Object.assign(request, { method, url })
    if (authorization !== undefined) request.headers.authorization = authorization
    return filter?.(request, new ServerResponse(request)) !== true
  }
}

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`

test('requests need a user and password from the credentials file', async (t) => {
  const allows = await filterWith(t, 'anna=a:b\nbert=x\n')

  assert.equal(allows('GET', '/', basic('anna:a:b')), true)
  assert.equal(allows('GET', '/', basic('bert:y')), false)
  assert.equal(allows('GET', '/', basic('carl:x')), false)
  assert.equal(allows('GET', '/', 'Bearer x'), false)
  assert.equal(allows('GET', '/'), false)
})

test('signed requests between workers need no password', async (t) => {
  const allows = await filterWith(t, 'anna=a\n')

  assert.equal(allows('POST', '/connectors/c/tasks'), true)
  assert.equal(allows('PUT', '/connectors/c/fence?forward=true'), true)
  assert.equal(allows('GET', '/connectors/c/tasks'), false)
})

test('an empty credentials file allows all requests', async (t) => {
  const allows = await filterWith(t, '')

  assert.equal(allows('GET', '/'), true)
})

test('the error for an unknown extension names it', async () => {
  await assert.rejects(accessFilter(['com.example.Other'], null, {}, log), /com\.example\.Other/)
})
