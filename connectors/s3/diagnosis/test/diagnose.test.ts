import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { ConnectError, type Finding } from '../../../../api/index.ts'
import { silent } from '../../../../testing/context.ts'
import { parseConfig } from '../../../../java/index.ts'
import type { BucketAction, BucketInspection, StorageSettings } from '../../storage/index.ts'
import { s3SinkConfig } from '../../config/definition.ts'
import { storageSettings } from '../../config/storage-settings.ts'
import { required } from '../../config/test/required.ts'
import { diagnoseStorage, type Diagnosed } from '../diagnose.ts'

const settings: StorageSettings = {
  ...storageSettings(parseConfig(s3SinkConfig, required)),
  temporaryFolder: tmpdir(),
  stagingMaxBytes: 0,
}

const healthy: BucketInspection = {
  head: () => Promise.resolve({ listable: true, region: 'us-west-2', clockAheadMs: 0 }),
  may: () => Promise.resolve('allowed'),
  encryption: () => Promise.resolve(null),
  objectLock: () => Promise.resolve(null),
  ownership: () => Promise.resolve(null),
}

interface Options extends Partial<Omit<Diagnosed, 'settings'>> {
  readonly settings?: Partial<StorageSettings>
  readonly signal?: AbortSignal
}

async function diagnose(
  server: Partial<BucketInspection>,
  { settings: changes = {}, signal = new AbortController().signal, ...more }: Options = {},
): Promise<readonly Finding[]> {
  let closed = 0
  const diagnosed = {
    settings: { ...settings, ...changes },
    use: 'write',
    prefix: 'topics/',
    ...more,
  } as const
  const findings = await diagnoseStorage(diagnosed, { log: silent, signal }, () => ({
    inspection: { ...healthy, ...server },
    close: () => closed++,
  }))
  assert.equal(closed, 1)
  return findings
}

const ids = (findings: readonly Finding[]) => findings.map(({ severity, id }) => `${severity} ${id}`)
const denying =
  (...denied: readonly BucketAction[]): BucketInspection['may'] =>
  (action) =>
    Promise.resolve(denied.includes(action) ? 'denied' : 'allowed')

test('there is no finding about a bucket that works', async () => {
  assert.deepEqual(await diagnose({}), [])
})

test('each missing permission is named with what it applies to, errors first', async () => {
  const findings = await diagnose({ may: denying('put', 'read', 'abort', 'list-uploads') })
  assert.deepEqual(ids(findings), [
    'error put-denied',
    'warning read-denied',
    'warning abort-denied',
    'warning list-uploads-denied',
  ])
  assert.match(findings[0]?.remedy ?? '', /^Allow s3:PutObject on arn:aws:s3:::shop-events\/topics\/\*/)
  assert.match(findings[3]?.remedy ?? '', /^Allow s3:ListBucketMultipartUploads on arn:aws:s3:::shop-events,/)
})

test('a source needs to list and read, and nothing else', async () => {
  const findings = await diagnose({ may: denying('list', 'put', 'abort') }, { use: 'read' })
  assert.deepEqual(ids(findings), ['error list-denied'])
})

test('without permission to list, it is unknown whether objects may be read', async () => {
  const head = () => Promise.resolve({ listable: false, region: null, clockAheadMs: null })
  const findings = await diagnose({ head, may: denying('list', 'read') })
  assert.deepEqual(ids(findings), ['warning list-denied'])
})

test('a permission that cannot be found out is a warning', async () => {
  const may = () => Promise.reject(new ConnectError('HR_RETRIABLE', 'The server answered 503.'))
  const findings = await diagnose({ may }, { use: 'read' })
  assert.deepEqual(ids(findings), ['warning permission-unknown', 'warning permission-unknown'])
})

test('the clock and the region are compared with those of the server', async () => {
  const head = () => Promise.resolve({ listable: true, region: 'eu-west-1', clockAheadMs: -600_000 })
  const findings = await diagnose({ head })
  assert.deepEqual(ids(findings), ['warning region-differs', 'warning clock-skewed'])
  assert.equal(findings[0]?.remedy, 'Set s3.region=eu-west-1.')
  assert.match(findings[1]?.message ?? '', /is 600 s ahead of that of the server/)
})

test('rules of the bucket are compared with the settings', async () => {
  const kms = { algorithm: 'aws:kms', kmsKeyId: 'alias/shop' }
  const server: Partial<BucketInspection> = {
    encryption: () => Promise.resolve(kms),
    objectLock: () => Promise.resolve({ enabled: true, mode: 'GOVERNANCE' }),
    ownership: () => Promise.resolve('BucketOwnerEnforced'),
  }
  assert.deepEqual(ids(await diagnose(server)), ['info encrypted-with-kms', 'info object-lock'])
  const other = await diagnose(server, { settings: { encryption: { kind: 's3' }, cannedAcl: 'public-read' } })
  assert.deepEqual(ids(other), ['error acl-disabled', 'warning encryption-differs', 'info object-lock'])
  assert.deepEqual(ids(await diagnose(server, { use: 'read' })), [])
})

test('rules that may not be read are left out', async () => {
  const unknown = () => Promise.resolve('unknown' as const)
  const failing = () => Promise.reject(new ConnectError('HR_RETRIABLE', 'The server answered 503.'))
  assert.deepEqual(
    await diagnose(
      { encryption: unknown, objectLock: failing, ownership: unknown },
      { settings: { cannedAcl: 'private' } },
    ),
    [],
  )
})

test('the folder of the temporary file is writable and has space', async () => {
  const missing = await diagnose({}, { settings: { temporaryFolder: '/missing/folder' } })
  assert.deepEqual(ids(missing), ['error temporary-folder-not-writable'])
  const full = await diagnose({}, { settings: { stagingMaxBytes: Number.MAX_SAFE_INTEGER } })
  assert.deepEqual(ids(full), ['warning temporary-folder-full'])
  assert.deepEqual(await diagnose({}, { use: 'read', settings: { temporaryFolder: '/missing/folder' } }), [])
})

test('an abort ends the diagnosis with what is known', async () => {
  const controller = new AbortController()
  const head = () => {
    controller.abort()
    return Promise.reject(new Error('aborted'))
  }
  const findings = await diagnose({ head }, { signal: controller.signal })
  assert.deepEqual(ids(findings), ['info diagnosis-incomplete'])
})

test('texts have the names of settings that the connector has', async () => {
  const head = () => Promise.resolve({ listable: true, region: 'eu-west-1', clockAheadMs: 0 })
  const [finding] = await diagnose({ head }, { renamed: { 's3.region': 'aws.s3.region' } })
  assert.equal(finding?.remedy, 'Set aws.s3.region=eu-west-1.')
})
