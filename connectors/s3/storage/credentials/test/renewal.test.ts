import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Logger } from '../../../../../api/index.ts'
import type { Identity, Provider } from '../credentials.ts'
import { renewed, RENEWED_BEFORE_MS } from '../renewal.ts'

const HOUR = 3_600_000

/** A provider whose credentials are valid for an hour, with a clock. */
function setUp() {
  const warnings: string[] = []
  const ignore = () => {}
  const log: Logger = {
    error: ignore,
    warn: (message) => void warnings.push(message),
    info: ignore,
    debug: ignore,
    trace: ignore,
  }
  const calls: object[] = []
  const state: { now: number; error: Error | undefined } = { now: 0, error: undefined }
  const provider: Provider = (options = {}) => {
    calls.push(options)
    if (state.error !== undefined) return Promise.reject(state.error)
    const identity: Identity = {
      accessKeyId: `key-${calls.length}`,
      secretAccessKey: 'secret',
      expiration: new Date(state.now + HOUR),
    }
    return Promise.resolve(identity)
  }
  const credentials = renewed(provider, log, () => state.now)
  const currentKey = async () => (await credentials.current()).accessKeyId
  return { state, calls, warnings, credentials, currentKey }
}

test('credentials are kept until shortly before they end, and callers share a renewal', async () => {
  const { state, calls, currentKey } = setUp()
  assert.deepEqual(await Promise.all([currentKey(), currentKey()]), ['key-1', 'key-1'])
  state.now = HOUR - RENEWED_BEFORE_MS - 1
  assert.equal(await currentKey(), 'key-1')
  state.now = HOUR - RENEWED_BEFORE_MS
  assert.equal(await currentKey(), 'key-2')
  assert.equal(calls.length, 2)
})

test('while a renewal fails, the old credentials are used as long as they are valid', async () => {
  const { state, warnings, currentKey } = setUp()
  await currentKey()
  state.error = new Error('the service does not respond')
  state.now = HOUR - 60_000
  assert.equal(await currentKey(), 'key-1')
  assert.equal(warnings.length, 1)
  state.now = HOUR
  await assert.rejects(currentKey(), {
    code: 'HR_RETRIABLE',
    message: 'Cannot renew the credentials for S3: the service does not respond.',
  })
  state.error = undefined
  assert.equal(await currentKey(), 'key-4')
})

test('refused credentials are replaced by others than the provider keeps', async () => {
  const { calls, credentials, currentKey } = setUp()
  await currentKey()
  credentials.invalidate()
  assert.equal(await currentKey(), 'key-2')
  assert.deepEqual(calls, [{}, { forceRefresh: true }])
})

test('no credentials at the start are a fault, a service that is away is not', async () => {
  const { state, currentKey } = setUp()
  state.error = new Error('Could not load credentials from any providers')
  await assert.rejects(currentKey(), { code: 'HR_CONNECT', message: /s3\.credentials\.provider\.class/ })
  state.error = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  await assert.rejects(currentKey(), { code: 'HR_RETRIABLE' })
})

test('a role that is refused later is a fault', async () => {
  const { state, currentKey } = setUp()
  await currentKey()
  state.now = HOUR
  state.error = Object.assign(new Error('Not authorized.'), { name: 'AccessDenied' })
  await assert.rejects(currentKey(), { code: 'HR_CONNECT', message: /Not authorized\. Check/ })
})
