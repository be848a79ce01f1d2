import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { Secret } from '../../../../../api/index.ts'
import type { StorageSettings } from '../../settings.ts'
import { createClient } from '../client.ts'
import { timeLimits } from '../limits.ts'
import { loadSdk } from '../sdk.ts'

const settings: StorageSettings = {
  bucket: 'orders',
  region: 'eu-central-1',
  endpoint: null,
  pathStyle: false,
  accelerate: false,
  encryption: { kind: 'none' },
  cannedAcl: null,
  sendDigest: false,
  expectContinue: true,
  proxy: null,
  credentials: { kind: 'static', accessKeyId: 'id', secretAccessKey: new Secret('secret') },
  partSize: 5 * 1024 * 1024,
  partRetries: 0,
  retryBackoffMs: 0,
  retryBackoffMaxMs: 0,
  tagging: null,
  bufferMaxBytes: 1,
  stagingMaxBytes: 1,
  temporaryFolder: '/tmp',
}
const identity = { accessKeyId: 'id', secretAccessKey: 'secret' }

interface Sent {
  readonly protocol: string
  readonly hostname: string
  readonly port?: number
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
}

/** Resolves to the request with which an object of this size would be stored, without sending it. */
async function requestOf(changes: Partial<StorageSettings>, size = 10, isSigned = true): Promise<Sent> {
  const sdk = await loadSdk()
  const credentials = isSigned ? () => Promise.resolve(identity) : undefined
  const client = createClient(sdk, { ...settings, ...changes }, credentials, timeLimits, () => {})
  let sent: Sent | undefined
  client.middlewareStack.add(
    () => (args) => {
      sent = args.request as Sent
      const response = { statusCode: 200, headers: {}, body: Readable.from([]) }
      return Promise.resolve({ response, output: { $metadata: {} } as never })
    },
    { step: 'deserialize', priority: 'low', name: 'capture' },
  )
  await client.send(new sdk.PutObjectCommand({ Bucket: 'orders', Key: 'a/b', Body: Buffer.alloc(size) }))
  client.destroy()
  assert.ok(sent !== undefined)
  return sent
}

test('the bucket is in the host or in the path, and the address is that of AWS or another one', async () => {
  const virtual = await requestOf({})
  assert.equal(virtual.hostname, 'orders.s3.eu-central-1.amazonaws.com')
  assert.equal(virtual.path, '/a/b')
  const path = await requestOf({ pathStyle: true, endpoint: 'storage.example.com:9000' })
  assert.deepEqual([path.protocol, path.hostname, path.port], ['https:', 'storage.example.com', 9000])
  assert.equal(path.path, '/orders/a/b')
  assert.equal((await requestOf({ accelerate: true })).hostname, 'orders.s3-accelerate.amazonaws.com')
})

test('bodies have a CRC32, and are signed only without TLS', async () => {
  const secure = await requestOf({})
  assert.equal(secure.headers['x-amz-content-sha256'], 'UNSIGNED-PAYLOAD')
  assert.ok(secure.headers['x-amz-checksum-crc32'] !== undefined)
  const plain = await requestOf({ endpoint: 'http://storage.example.com' })
  assert.match(plain.headers['x-amz-content-sha256'] ?? '', /^[0-9a-f]{64}$/)
})

test('large bodies wait for the answer of the server, unless that is off', async () => {
  const large = 3 * 1024 * 1024
  assert.equal((await requestOf({}, large)).headers['Expect'], '100-continue')
  assert.equal((await requestOf({})).headers['Expect'], undefined)
  assert.equal((await requestOf({ expectContinue: false }, large)).headers['Expect'], undefined)
})

test('without credentials, requests are not signed', async () => {
  assert.ok((await requestOf({})).headers['authorization'] !== undefined)
  assert.equal((await requestOf({}, 10, false)).headers['authorization'], undefined)
})

test('requests without TLS go to the proxy with their whole URL', async () => {
  const proxy = { url: 'http://proxy.example.com:3128', user: 'user', password: new Secret('word') }
  const sent = await requestOf({ proxy, endpoint: 'http://storage.example.com', pathStyle: true })
  assert.deepEqual([sent.hostname, sent.port], ['proxy.example.com', 3128])
  assert.equal(sent.path, 'http://storage.example.com/orders/a/b')
  assert.match(sent.headers['proxy-authorization'] ?? '', /^Basic /)
  assert.equal((await requestOf({ proxy })).hostname, 'orders.s3.eu-central-1.amazonaws.com')
})
