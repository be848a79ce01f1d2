import assert from 'node:assert/strict'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
} from '@aws-sdk/client-s3'
import type { Finding } from '../../api/index.ts'
import { connectors } from '../../connectors/index.ts'
import { silent } from '../../testing/context.ts'
import { createBucket, uniqueName, workFolder, type Bucket } from '../services/index.ts'

const CONNECTOR = 'io.confluent.connect.s3.S3SinkConnector'
const AIVEN = 'io.aiven.kafka.connect.s3.AivenKafkaConnectS3SinkConnector'
const ANONYMOUS = 'software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider'

type Settings = Readonly<Record<string, string>>

let bucket: Bucket

beforeEach(async () => {
  bucket = await createBucket()
})
afterEach(() => bucket.drop())

async function diagnose(settings: Settings = {}): Promise<readonly Finding[]> {
  const plugin = connectors.connectors?.find(
    ({ name }) => name === (settings['connector.class'] ?? CONNECTOR),
  )
  assert.ok(plugin?.kind === 'sink' && plugin.diagnose !== undefined)
  const own = {
    'format.class': 'io.confluent.connect.s3.format.json.JsonFormat',
    'flush.size': '3',
    'storage.class': 'io.confluent.connect.s3.storage.S3Storage',
    's3.part.retries': '0',
    'headrace.s3.staging.max.bytes': '0',
    ...bucket.props,
  }
  const props = settings['connector.class'] === AIVEN ? settings : { ...own, ...settings }
  const context = { log: silent, signal: AbortSignal.timeout(60_000), exists: false }
  return plugin.diagnose(props, context)
}

const idsOf = (findings: readonly Finding[]): string[] => findings.map(({ id }) => id)

/** The finding with this id; fails if there is none, or several. */
function only(findings: readonly Finding[], id: string): Finding {
  const [finding, ...others] = findings.filter((candidate) => candidate.id === id)
  assert.ok(
    finding !== undefined && others.length === 0,
    `${id} is not once in ${idsOf(findings).join(', ')}`,
  )
  return finding
}

/** The setting that a remedy tells to use. */
function settingIn({ remedy }: Finding): Settings {
  const [, key = '', value = ''] = /([a-z][\w.]+)=([\w.-]+)/.exec(remedy ?? '') ?? []
  return { [key]: value }
}

test('a bucket that works has no findings, and nothing is left in it', async () => {
  assert.deepEqual(await diagnose(), [])
  assert.deepEqual([await bucket.keys(), await bucket.uploads()], [[], []])
})

test('a missing bucket is an error, until it is created', async () => {
  const name = uniqueName('later')
  const finding = only(await diagnose({ 's3.bucket.name': name }), 'bucket-missing')
  assert.match(finding.message, new RegExp(name))
  assert.match(finding.remedy ?? '', /^Create the bucket/)
  await bucket.client.send(new CreateBucketCommand({ Bucket: name }))
  try {
    assert.deepEqual(await diagnose({ 's3.bucket.name': name }), [])
  } finally {
    await bucket.client.send(new DeleteBucketCommand({ Bucket: name }))
  }
})

test('wrong credentials are an error that does not show them', async () => {
  for (const wrong of [
    { 'aws.secret.access.key': 'swordfish' },
    { 'aws.access.key.id': 'AKIAUNKNOWN', 'aws.secret.access.key': 'swordfish' },
  ]) {
    const finding = only(await diagnose(wrong), 'credentials-refused')
    assert.match(finding.remedy ?? '', /^Check aws\.access\.key\.id and aws\.secret\.access\.key/)
    assert.doesNotMatch(JSON.stringify(finding), /swordfish/)
  }
})

test('credentials that are nowhere are an error', async () => {
  const environment = 'software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider'
  const nothing = { 'aws.access.key.id': '', 'aws.secret.access.key': '' }
  const finding = only(
    await diagnose({ ...nothing, 's3.credentials.provider.class': environment }),
    'credentials-missing',
  )
  assert.match(finding.message, /Check s3\.credentials\.provider\.class/)
})

test('the region of the bucket is named, and is the remedy', async () => {
  const wrong = { 's3.region': 'ap-south-1' }
  const finding = only(await diagnose(wrong), 'bucket-in-other-region')
  assert.deepEqual(settingIn(finding), { 's3.region': 'us-east-1' })
  assert.deepEqual(await diagnose({ ...wrong, ...settingIn(finding) }), [])
})

test('a server that is away, unknown or speaks no TLS is an error', async () => {
  const address = new URL(bucket.address.endpoint)
  const cases = [
    ['server-unreachable', { 'store.url': 'http://127.0.0.1:1' }],
    ['host-unknown', { 'store.url': 'http://server.invalid:9000' }],
    ['certificate-refused', { 'store.url': `https://${address.host}` }],
    ['server-unreachable', { 's3.proxy.url': 'http://127.0.0.1:1' }],
  ] as const
  for (const [id, settings] of cases) {
    const finding = only(await diagnose(settings), id)
    assert.ok((finding.remedy ?? '').length > 0, id)
  }
})

const statement = (actions: readonly string[], resource: string) => ({
  Effect: 'Allow',
  Principal: '*',
  Action: actions,
  Resource: resource,
})

/** Allows requests without credentials. */
async function allow(forBucket: readonly string[], forObjects: readonly string[]): Promise<void> {
  const arn = `arn:aws:s3:::${bucket.name}`
  const Statement = [
    ...(forBucket.length === 0 ? [] : [statement(forBucket, arn)]),
    ...(forObjects.length === 0 ? [] : [statement(forObjects, `${arn}/*`)]),
  ]
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement })
  await bucket.client.send(new PutBucketPolicyCommand({ Bucket: bucket.name, Policy }))
}

test('missing permissions are found one by one, and are gone once a policy allows them', async () => {
  const anonymous = {
    'aws.access.key.id': '',
    'aws.secret.access.key': '',
    's3.credentials.provider.class': ANONYMOUS,
  }
  await allow(['s3:ListBucket'], ['s3:GetObject'])
  assert.deepEqual(idsOf(await diagnose(anonymous)).toSorted(), [
    'abort-denied',
    'list-uploads-denied',
    'put-denied',
  ])
  await allow(['s3:ListBucket', 's3:ListBucketMultipartUploads'], ['s3:GetObject', 's3:AbortMultipartUpload'])
  const put = only(await diagnose(anonymous), 'put-denied')
  assert.equal(put.severity, 'error')
  const [, permission = ''] = /Allow (s3:\w+) on/.exec(put.remedy ?? '') ?? []
  await allow(
    ['s3:ListBucket', 's3:ListBucketMultipartUploads'],
    ['s3:GetObject', 's3:AbortMultipartUpload', permission],
  )
  assert.deepEqual(await diagnose(anonymous), [])
  assert.deepEqual([await bucket.keys(), await bucket.uploads()], [[], []])
})

test('a canned ACL in a bucket without ACLs is an error, until the ownership of objects is changed', async () => {
  const acl = { 's3.acl.canned': 'public-read' }
  const finding = only(await diagnose(acl), 'acl-disabled')
  assert.match(finding.remedy ?? '', /BucketOwnerPreferred/)
  await bucket.client.send(
    new PutBucketOwnershipControlsCommand({
      Bucket: bucket.name,
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerPreferred' }] },
    }),
  )
  assert.deepEqual(idsOf(await diagnose(acl)), [])
})

test('a bucket with object lock is told about', async () => {
  const name = uniqueName('locked')
  await bucket.client.send(new CreateBucketCommand({ Bucket: name, ObjectLockEnabledForBucket: true }))
  try {
    const finding = only(await diagnose({ 's3.bucket.name': name }), 'object-lock')
    assert.equal(finding.severity, 'info')
    assert.match(finding.message, /no default retention/)
  } finally {
    await bucket.client.send(new DeleteBucketCommand({ Bucket: name }))
  }
})

test('the folder of the temporary file is checked, and not written to', async () => {
  const missing = { 'headrace.s3.staging.dir': join(workFolder('doctor'), 'missing') }
  assert.equal(only(await diagnose(missing), 'temporary-folder-not-writable').severity, 'error')
  const large = { 'headrace.s3.staging.max.bytes': String(2 ** 60) }
  assert.match(
    only(await diagnose(large), 'temporary-folder-full').remedy ?? '',
    /headrace\.s3\.staging\.dir/,
  )
})

test("the findings about Aiven's sink have the names of its settings", async () => {
  const { accessKeyId, secretAccessKey, endpoint } = bucket.address
  const aiven = {
    'connector.class': AIVEN,
    'aws.access.key.id': accessKeyId,
    'aws.secret.access.key': secretAccessKey,
    'aws.s3.endpoint': endpoint,
    'aws.s3.bucket.name': bucket.name,
    'aws.s3.region': 'ap-south-1',
    'headrace.s3.staging.max.bytes': '0',
  }
  const finding = only(await diagnose(aiven), 'bucket-in-other-region')
  assert.deepEqual(settingIn(finding), { 'aws.s3.region': 'us-east-1' })
  assert.deepEqual(await diagnose({ ...aiven, ...settingIn(finding) }), [])
})
