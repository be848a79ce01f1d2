import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { workFolder } from '../services/index.ts'
import { makeCertificate } from '../services/kafka/security.ts'
import { headrace } from './command-line.ts'

const folder = workFolder('https')
const { key, certificate } = makeCertificate('127.0.0.1')
const caFile = join(folder, 'ca.pem')
await writeFile(caFile, certificate)

/** Simulates a worker with the connector `known`. */
const server = createServer({ key, cert: certificate }, (request, response) => {
  void text(request).then((body) => {
    if (request.method === 'DELETE') return response.writeHead(204).end()
    if (request.method === 'PATCH')
      return response.end(JSON.stringify({ name: 'known', config: JSON.parse(body) }))
    if (request.url === '/connectors?expand=status' || request.url === '/headrace/connectors')
      return response.end('{}')
    response.writeHead(404).end(JSON.stringify({ error_code: 404, message: `no ${request.url}` }))
  })
}).listen(0, '127.0.0.1')
await once(server, 'listening')
after(() => server.close())
const { port } = server.address() as AddressInfo
const env = { HEADRACE_URL: `https://127.0.0.1:${port}` }

test('a worker with an untrusted certificate gets no request, and the error suggests --cacert', async () => {
  const { code, stderr } = await headrace(['connectors'], { env })
  assert.equal(code, 2)
  assert.match(
    stderr,
    /its certificate is not trusted; pass its CA certificate with --cacert or HEADRACE_CACERT/,
  )
})

test('--cacert or HEADRACE_CACERT sets the trusted certificates', async () => {
  const given = await headrace(['connectors', '--cacert', caFile], { env })
  assert.deepEqual([given.code, given.stdout], [0, 'no connectors\n'], given.stderr)
  const found = await headrace(['connectors'], { env: { ...env, HEADRACE_CACERT: caFile } })
  assert.equal(found.code, 0, found.stderr)
})

test('bodies and errors are transferred over HTTPS', async () => {
  const options = ['--cacert', caFile]
  const patched = await headrace(['patch', 'known', 'a=ü', '--json', ...options], { env })
  assert.deepEqual(JSON.parse(patched.stdout), { name: 'known', config: { a: 'ü' } })
  const deleted = await headrace(['delete', 'known', ...options], { env })
  assert.equal(deleted.stdout, 'known: deleted\n')
  const refused = await headrace(['status', 'other', ...options], { env })
  assert.deepEqual([refused.code, refused.stderr], [2, 'headrace: no /connectors/other/status\n'])
})

test('--cacert rejects a file without certificates, and requires an https address', async () => {
  const wrong = join(folder, 'wrong.pem')
  await writeFile(wrong, 'no certificate')
  const refused = await headrace(['connectors', '--cacert', wrong], { env })
  assert.deepEqual(
    [refused.code, refused.stderr.split('\n')[0]],
    [2, `headrace: ${wrong}: expected PEM certificates (-----BEGIN CERTIFICATE-----)`],
  )
  const plain = await headrace(['connectors', '--cacert', caFile, '--url', 'http://127.0.0.1:1'])
  assert.equal(plain.code, 1)
})
