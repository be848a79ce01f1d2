import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../../api/index.ts'
import { silent } from '../../../../testing/context.ts'
import { parseConfig } from '../../../../java/index.ts'
import { s3SinkConfig } from '../../config/definition.ts'
import { storageSettings } from '../../config/storage-settings.ts'
import { required } from '../../config/test/required.ts'
import { openStorage } from '../../storage/index.ts'
import { unreachable } from '../unreachable.ts'

const settings = (props: Readonly<Record<string, string>> = {}) =>
  storageSettings(
    parseConfig(s3SinkConfig, {
      ...required,
      'aws.access.key.id': 'AKIAEXAMPLE',
      'aws.secret.access.key': 'swordfish',
      's3.part.retries': '0',
      ...props,
    }),
  )

/** The finding about a bucket that really cannot be reached. */
async function findingFor(props: Readonly<Record<string, string>>, lookUp?: () => Promise<unknown>) {
  const used = settings(props)
  const storage = openStorage(used, silent, null)
  try {
    const failure: unknown = await storage.inspection.head(AbortSignal.timeout(30_000)).then(
      () => assert.fail('the bucket is reachable'),
      (error: unknown) => error,
    )
    return await unreachable(failure, used, lookUp)
  } finally {
    storage.close()
  }
}

test('a refused connection is one about the server', async () => {
  const finding = await findingFor({ 'store.url': 'http://127.0.0.1:1' })
  assert.equal(finding.id, 'server-unreachable')
  assert.match(finding.remedy ?? '', /^Check store\.url, and that its server runs/)
})

test('an unknown host is told from an unknown host of the bucket', async () => {
  const virtual = { 's3.path.style.access.enabled': 'false', 'store.url': 'http://server.invalid:9000' }
  const unknown = await findingFor(virtual, () => Promise.reject(new Error('ENOTFOUND')))
  assert.equal(unknown.id, 'host-unknown')
  const bucket = await findingFor(virtual, () => Promise.resolve({ address: '127.0.0.1' }))
  assert.equal(bucket.id, 'bucket-host-unknown')
  assert.match(bucket.remedy ?? '', /Set s3\.path\.style\.access\.enabled=true/)
})

test('credentials that cannot be found are a finding of their own', async () => {
  const finding = await unreachable(
    new ConnectError('HR_CONNECT', 'Cannot get credentials for S3: there are none.'),
    settings(),
  )
  assert.deepEqual(finding, {
    id: 'credentials-missing',
    severity: 'error',
    message: 'Cannot get credentials for S3: there are none.',
    remedy: null,
  })
})
