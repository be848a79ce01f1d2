import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConfig } from '../../../../java/index.ts'
import { aivenSinkConfig } from '../definition.ts'
import { aivenStorageSettings } from '../storage-settings.ts'

const settings = (props: Readonly<Record<string, string>>) =>
  aivenStorageSettings(parseConfig(aivenSinkConfig, props))

test('new settings take precedence over old ones', () => {
  const { bucket, region } = settings({
    'aws_s3_bucket': 'old',
    'aws.s3.bucket.name': 'new',
    'aws_s3_region': 'eu-west-1',
  })
  assert.deepEqual({ bucket, region }, { bucket: 'new', region: 'eu-west-1' })
  assert.equal(settings({ aws_s3_bucket: 'old' }).region, 'us-east-1')
})

test('an own endpoint has the bucket in the path; parts have at least the size that S3 requires', () => {
  const { endpoint, pathStyle, partSize } = settings({
    'aws_s3_endpoint': 'localhost:9000',
    'aws.s3.part.size.bytes': '1024',
  })
  assert.deepEqual(
    { endpoint, pathStyle, partSize },
    { endpoint: 'localhost:9000', pathStyle: true, partSize: 5_242_880 },
  )
  assert.equal(settings({}).pathStyle, false)
})

test('a role is assumed with the access key, for its duration, at its endpoint', () => {
  const role = {
    'aws.access.key.id': 'AKIA',
    'aws.secret.access.key': 'swordfish',
    'aws.sts.role.arn': 'arn:aws:iam::1:role/w',
    'aws.sts.role.session.name': 'shop',
    'aws.sts.role.session.duration': '900',
  }
  const { credentials } = settings({ ...role, 'aws.sts.config.endpoint': 'https://sts.example.com' })
  assert.equal(credentials.kind, 'assume-role')
  if (credentials.kind !== 'assume-role') return
  const { durationSeconds, stsEndpoint, base } = credentials
  assert.deepEqual([durationSeconds, stsEndpoint, base.kind], [900, 'https://sts.example.com', 'static'])
  const global = settings(role).credentials
  assert.equal(global.kind === 'assume-role' && global.stsEndpoint, null)
})

test('encryption by name, and credentials of the environment by default', () => {
  assert.deepEqual(settings({ 'aws.s3.sse.algorithm': 'AES256' }).encryption, { kind: 's3' })
  assert.equal(settings({ 'aws.s3.sse.algorithm': 'aws:kms' }).encryption.kind, 'kms')
  assert.deepEqual(settings({}).credentials, { kind: 'chain' })
})
