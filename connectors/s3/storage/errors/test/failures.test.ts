import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { inspect } from 'node:util'
import { ConnectError } from '../../../../../api/index.ts'
import { explain, serverCodeOf, statusOf, Unanswered } from '../failures.ts'

const attempt = {
  doing: 'store t/1 in bucket b',
  permission: 's3:PutObject',
  bucket: 'b',
  region: 'us-west-2',
  renewable: true,
}

/** An error as the SDK throws it. */
function answered(name: string, status: number, message = 'The text of the server.', more = {}): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } }, more)
}

const broken = (code: string, message = `connect ${code}`): Error =>
  Object.assign(new Error(message), { code })

suite('answers of the server', () => {
  for (const [name, status] of [
    ['SlowDown', 503],
    ['InternalError', 200],
    ['ServiceUnavailable', 503],
    ['RequestTimeout', 400],
    ['ThrottlingException', 400],
    ['TooManyRequests', 429],
    ['ConditionalRequestConflict', 409],
    ['OperationAborted', 409],
    ['BadDigest', 400],
    ['SomethingNew', 500],
  ] as const) {
    test(`${status} ${name} is tried again`, () => {
      const { error, again } = explain(answered(name, status), attempt)
      assert.deepEqual([error.code, again], ['HR_RETRIABLE', true])
      assert.equal(error.message, `Cannot store t/1 in bucket b: The text of the server (${name}).`)
    })
  }

  for (const [name, status, remedy] of [
    ['NoSuchBucket', 404, /Create the bucket/],
    ['AccessDenied', 403, /Allow the credentials s3:PutObject on bucket b/],
    ['InvalidAccessKeyId', 403, /Check aws\.access\.key\.id/],
    ['SignatureDoesNotMatch', 403, /Host header/],
    ['KMS.NotFoundException', 400, /s3\.sse\.kms\.key\.id/],
    ['EntityTooLarge', 400, /s3\.part\.size/],
    ['KeyTooLongError', 400, /topics\.dir/],
    ['AccessControlListNotSupported', 400, /s3\.acl\.canned/],
    ['SomethingNew', 501, /does not support this request/],
    ['Unknown', 403, /Allow the credentials/],
    ['Unknown', 407, /s3\.proxy\.user/],
  ] as const) {
    test(`${status} ${name} fails with what to do`, () => {
      const { error, again } = explain(answered(name, status), attempt)
      assert.deepEqual([error.code, again], ['HR_CONNECT', false])
      assert.match(error.message, remedy)
    })
  }

  test('a wrong region names the right one', () => {
    const named = explain(
      answered('AuthorizationHeaderMalformed', 400, 'Wrong.', { Region: 'eu-central-1' }),
      attempt,
    )
    assert.match(named.error.message, /set s3\.region=eu-central-1 \(it is us-west-2\)/)
    const headers = { 'x-amz-bucket-region': 'eu-west-3' }
    const redirected = explain(
      answered('PermanentRedirect', 301, 'Use the endpoint.', { $response: { headers } }),
      attempt,
    )
    assert.match(redirected.error.message, /set s3\.region=eu-west-3/)
  })

  test('a lock of objects is told apart from a missing permission', () => {
    const text = 'Access Denied because object protected by object lock.'
    const { error } = explain(answered('AccessDenied', 403, text), attempt)
    assert.match(error.message, /lock of the object ends/)
    assert.doesNotMatch(error.message, /Allow the credentials/)
  })

  test('credentials that have ended are retriable only if they can be renewed', () => {
    const renewable = explain(answered('ExpiredToken', 400), attempt)
    assert.deepEqual([renewable.error.code, renewable.expired], ['HR_RETRIABLE', true])
    const fixed = explain(answered('ExpiredToken', 400), { ...attempt, renewable: false })
    assert.deepEqual([fixed.error.code, fixed.again], ['HR_CONNECT', false])
  })

  test('a wrong clock is tried once more and then fails', () => {
    const { error, again } = explain(answered('RequestTimeTooSkewed', 403), attempt)
    assert.deepEqual([error.code, again], ['HR_CONNECT', true])
    assert.match(error.message, /Synchronise the clock/)
  })

  test('code and status stay available; headers and keys do not', () => {
    const secrets = { AWSAccessKeyId: 'AKIASECRET', StringToSign: 'signed text' }
    const { error } = explain(answered('SignatureDoesNotMatch', 403, 'No match.', secrets), attempt)
    assert.deepEqual([serverCodeOf(error), statusOf(error)], ['SignatureDoesNotMatch', 403])
    assert.doesNotMatch(inspect(error, { depth: 10 }), /AKIASECRET|signed text/)
  })

  test('an answer without a body is named by its status', () => {
    const { error } = explain(answered('403', 403, 'UnknownError'), attempt)
    assert.match(error.message, /the server answered HTTP 403\. Allow the credentials/)
  })
})

suite('no answer', () => {
  for (const code of ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'EAI_AGAIN', 'ENOTFOUND']) {
    test(`${code} is tried again`, () => {
      const { error, again } = explain(broken(code), attempt)
      assert.deepEqual([error.code, again], ['HR_RETRIABLE', true])
      assert.equal(serverCodeOf(error), undefined)
    })
  }

  test('timeouts and useless answers are tried again', () => {
    const timeout = Object.assign(new Error('@smithy/node-http-handler - slow.'), { name: 'TimeoutError' })
    assert.equal(explain(timeout, attempt).error.message, 'Cannot store t/1 in bucket b: slow.')
    assert.equal(explain(new Unanswered('no answer'), attempt).again, true)
    assert.equal(explain(new AggregateError([broken('ECONNREFUSED')]), attempt).again, true)
  })

  test('a certificate that is not accepted fails with what to do', () => {
    const { error } = explain(broken('DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate'), attempt)
    assert.equal(error.code, 'HR_CONNECT')
    assert.match(error.message, /self-signed certificate.*NODE_EXTRA_CA_CERTS/)
  })

  test('an unknown host says which settings to check', () => {
    assert.match(explain(broken('ENOTFOUND'), attempt).error.message, /store\.url.*s3\.path\.style/)
  })

  test('errors that are explained already stay as they are', () => {
    const error = new ConnectError('HR_RETRIABLE', 'later')
    assert.deepEqual(explain(error, attempt), { error, again: true, expired: false })
  })
})
