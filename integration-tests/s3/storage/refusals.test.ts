import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, afterEach, suite, test } from 'node:test'
import { Secret } from '../../../api/index.ts'
import type { StorageSettings } from '../../../connectors/s3/storage/index.ts'
import { createBucket, startS3Proxy, stopAllChildren } from '../../services/index.ts'
import { extent, openFor, openWith, randomBytes, signal } from './objects.ts'
import { startUploads } from './servers.ts'

const bucket = await createBucket()
const proxy = await startS3Proxy(bucket.address.endpoint)
after(async () => {
  await proxy.close()
  await bucket.drop()
  await stopAllChildren()
})
afterEach(() => proxy.heal())

const { accessKeyId } = bucket.address
const key = (id: string, secret: string): StorageSettings['credentials'] => ({
  kind: 'static',
  accessKeyId: id,
  secretAccessKey: new Secret(secret),
})

suite('a bucket that cannot be used', () => {
  for (const [what, changes, message] of [
    [
      'that does not exist',
      { bucket: 'headrace-no-such-bucket' },
      /^Cannot reach bucket headrace-no-such-bucket: .*NoSuchBucket.* Create the bucket, or correct s3\.bucket\.name/,
    ],
    [
      'with an unknown key',
      { credentials: key('unknown-key', 'wrong-secret-of-tests') },
      /InvalidAccessKeyId.*Check aws\.access\.key\.id and aws\.secret\.access\.key/,
    ],
    [
      'with a wrong secret',
      { credentials: key(accessKeyId, 'wrong-secret-of-tests') },
      /SignatureDoesNotMatch.*Check aws\.access\.key\.id and aws\.secret\.access\.key/,
    ],
    ['with a wrong region', { region: 'eu-west-1' }, /in region us-east-1: set s3\.region=us-east-1/],
  ] as const) {
    test(`${what} is a fault with what to do`, async () => {
      const { storage } = openFor(bucket, changes)
      await assert.rejects(storage.checkBucket(signal), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'HR_CONNECT')
        assert.match(error.message, message)
        assert.doesNotMatch(JSON.stringify([error.message, String(error.cause)]), /wrong-secret-of-tests/)
        return true
      })
    })
  }

  test('a server that is away is retriable', async () => {
    const { storage } = openFor(bucket, { endpoint: 'http://127.0.0.1:1', partRetries: 1 })
    await assert.rejects(storage.checkBucket(signal), { code: 'HR_RETRIABLE', message: /ECONNREFUSED/ })
  })

  test('a bucket that may not be listed is accepted', async () => {
    const { storage } = openFor(bucket, { endpoint: proxy.endpoint })
    proxy.fail('ListObjectsV2', { kind: 'answer', status: 403, code: 'AccessDenied' })
    await storage.checkBucket(signal)
  })
})

suite('a refused object', () => {
  for (const [code, status, message] of [
    ['AccessDenied', 403, /Allow the credentials s3:PutObject on bucket/],
    ['ExpiredToken', 400, /Replace the temporary credentials/],
    ['RequestTimeTooSkewed', 403, /Synchronise the clock/],
    ['KMS.DisabledException', 400, /s3\.sse\.kms\.key\.id/],
    ['EntityTooLarge', 400, /flush\.size/],
    ['NoSuchBucket', 404, /Create the bucket/],
  ] as const) {
    test(`${code} fails with what to do`, async () => {
      const { writer } = openFor(bucket, { endpoint: proxy.endpoint })
      proxy.fail('PutObject', { kind: 'answer', status, code }, 10)
      const object = openWith(writer, 'x/refused', randomBytes(10))
      await assert.rejects(object.store(extent(0, 9), 'keep', signal), { code: 'HR_CONNECT', message })
      await object.discard()
    })
  }

  test('a clock that is wrong is corrected by the second attempt', async () => {
    const { writer } = openFor(bucket, { endpoint: proxy.endpoint })
    proxy.fail('PutObject', { kind: 'answer', status: 403, code: 'RequestTimeTooSkewed' })
    const object = openWith(writer, 'x/skewed', randomBytes(10))
    assert.deepEqual(await object.store(extent(0, 9), 'keep', signal), { kind: 'stored' })
  })
})

suite('tags and encryption', () => {
  const tagging = { pairs: [['team', 'orders']], onError: 'ignore' } as const

  test('objects are tagged after they are stored', async () => {
    const { writer } = openFor(bucket, { tagging })
    await openWith(writer, 'g/tagged', randomBytes(10)).store(extent(3, 9), 'keep', signal)
    const { GetObjectTaggingCommand } = await import('@aws-sdk/client-s3')
    const { TagSet = [] } = await bucket.client.send(
      new GetObjectTaggingCommand({ Bucket: bucket.name, Key: 'g/tagged' }),
    )
    assert.deepEqual(Object.fromEntries(TagSet.map(({ Key, Value }) => [Key, Value])), {
      startOffset: '3',
      endOffset: '9',
      recordCount: '7',
      team: 'orders',
    })
  })

  test('a tag that is refused is a warning, or a fault', async () => {
    const refusal = { kind: 'answer', status: 403, code: 'AccessDenied' } as const
    proxy.fail('PutObjectTagging', refusal)
    const ignoring = openFor(bucket, { endpoint: proxy.endpoint, tagging })
    const one = openWith(ignoring.writer, 'g/ignored', randomBytes(10))
    assert.deepEqual(await one.store(extent(0, 9), 'keep', signal), { kind: 'stored' })
    assert.match(ignoring.warnings.join(), /s3:PutObjectTagging/)
    proxy.fail('PutObjectTagging', refusal)
    const failing = openFor(bucket, { endpoint: proxy.endpoint, tagging: { ...tagging, onError: 'fail' } })
    const other = openWith(failing.writer, 'g/failed', randomBytes(10))
    await assert.rejects(other.store(extent(0, 9), 'keep', signal), {
      code: 'HR_CONNECT',
      message: /s3\.object\.behavior\.on\.tagging\.error=ignore/,
    })
  })

  test('a digest is sent if that is set', async () => {
    const { writer } = openFor(bucket, { sendDigest: true })
    const object = openWith(writer, 'g/digest', randomBytes(6_000_000))
    assert.deepEqual(await object.store(extent(0, 9), 'keep', signal), { kind: 'stored' })
  })

  test('the key of the customer is sent with each request that needs it, the access list with the first', async () => {
    const uploads = await startUploads()
    const customerKey = Buffer.alloc(32, 7)
    const encryption = { kind: 'customer', key: new Secret(customerKey.toString('base64')) } as const
    const { endpoint } = uploads
    const { writer } = openFor(bucket, { endpoint, encryption, cannedAcl: 'bucket-owner-full-control' })
    await openWith(writer, 'g/customer', randomBytes(6_000_000)).store(extent(0, 9), 'keep', signal)
    const digest = createHash('md5').update(customerKey).digest('base64')
    assert.deepEqual(
      uploads.requests.map(({ operation, headers }) => [
        operation,
        headers['x-amz-server-side-encryption-customer-key-md5'],
        headers['x-amz-acl'],
      ]),
      [
        ['CreateMultipartUpload', digest, 'bucket-owner-full-control'],
        ['UploadPart', digest, undefined],
        ['UploadPart', digest, undefined],
        ['CompleteMultipartUpload', digest, undefined],
      ],
    )
  })

  test('a key of KMS is named when an object is created', async () => {
    const uploads = await startUploads()
    const encryption = { kind: 'kms', algorithm: 'aws:kms', keyId: 'alias/sink' } as const
    const { writer } = openFor(bucket, { endpoint: uploads.endpoint, encryption })
    await openWith(writer, 'g/kms', randomBytes(10)).store(extent(0, 9), 'keep', signal)
    const headers = uploads.requests[0]?.headers ?? {}
    assert.equal(headers['x-amz-server-side-encryption'], 'aws:kms')
    assert.equal(headers['x-amz-server-side-encryption-aws-kms-key-id'], 'alias/sink')
    assert.equal(headers['if-none-match'], '*')
    assert.ok(headers['x-amz-checksum-crc32'] !== undefined)
  })
})
