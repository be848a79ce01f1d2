import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConfig } from '../../../../java/index.ts'
import { s3SinkConfig } from '../definition.ts'
import { storageSettings } from '../storage-settings.ts'
import { required } from './required.ts'

const settings = (props: Readonly<Record<string, string>>) =>
  storageSettings(parseConfig(s3SinkConfig, { ...required, ...props }))

test('without further settings, the storage is AWS in Oregon, by path, with the credentials of the environment', () => {
  const { bucket, region, endpoint, pathStyle, credentials, encryption, proxy, tagging, cannedAcl } =
    settings({})
  assert.deepEqual(
    { bucket, region, endpoint, pathStyle, credentials, encryption, proxy, tagging, cannedAcl },
    {
      bucket: 'shop-events',
      region: 'us-west-2',
      endpoint: null,
      pathStyle: true,
      credentials: { kind: 'chain' },
      encryption: { kind: 'none' },
      proxy: null,
      tagging: null,
      cannedAcl: null,
    },
  )
})

test('an access key replaces a provider, and assumes a role if one is set', () => {
  const key = { 'aws.access.key.id': 'AKIAEXAMPLE', 'aws.secret.access.key': 'swordfish' }
  const profile = 'software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider'
  assert.deepEqual(settings({ 's3.credentials.provider.class': profile }).credentials, {
    kind: 'profile',
    profile: null,
  })
  const { credentials } = settings({ ...key, 's3.credentials.provider.class': profile })
  assert.equal(credentials.kind === 'static' && credentials.secretAccessKey.reveal(), 'swordfish')
  const role = settings({
    ...key,
    's3.credentials.provider.class': 'io.confluent.connect.s3.auth.AwsAssumeRoleCredentialsProvider',
    's3.credentials.provider.sts.role.arn': 'arn:aws:iam::012345678901:role/writer',
    's3.credentials.provider.sts.role.session.name': 'shop',
  }).credentials
  assert.equal(role.kind === 'assume-role' && role.base.kind, 'static')
  assert.equal(role.kind === 'assume-role' && role.externalId, null)
})

test('encryption with keys of S3, of KMS and of the user', () => {
  const key = Buffer.alloc(32, 7).toString('base64')
  assert.deepEqual(settings({ 's3.ssea.name': 'AES256' }).encryption, { kind: 's3' })
  assert.deepEqual(
    settings({ 's3.ssea.name': 'aws:kms:dsse', 's3.sse.kms.key.id': 'alias/shop' }).encryption,
    {
      kind: 'kms',
      algorithm: 'aws:kms:dsse',
      keyId: 'alias/shop',
    },
  )
  const { encryption } = settings({ 's3.ssea.name': 'AES256', 's3.sse.customer.key': key })
  assert.equal(encryption.kind === 'customer' && encryption.key.reveal(), key)
})

test('a proxy without a scheme is one for HTTP; its user may be set apart', () => {
  const { proxy } = settings({ 's3.proxy.url': 'proxy.example.com:3128', 's3.proxy.user': 'shop' })
  assert.deepEqual(proxy, { url: 'http://proxy.example.com:3128', user: 'shop', password: null })
})

test('tags of the user are only written with tagging', () => {
  const pairs = { 's3.object.tagging.key.value.pairs': 'team:orders' }
  assert.equal(settings(pairs).tagging, null)
  assert.deepEqual(
    settings({ ...pairs, 's3.object.tagging': 'true', 's3.object.behavior.on.tagging.error': 'FAIL' })
      .tagging,
    { pairs: [['team', 'orders']], onError: 'fail' },
  )
})
