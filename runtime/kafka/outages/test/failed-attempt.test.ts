import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../../api/index.ts'
import { brokerError, kafkaFailure, noResponse } from '../../connection/broker-errors.ts'
import { failedAttempt } from '../failed-attempt.ts'

const failure = (fields: { name?: string; message: string; code?: string }) =>
  kafkaFailure(Object.assign(new Error(fields.message), { broker: 'kafka:9092', ...fields }), 'send Metadata')

/** Returns the text of an error that OpenSSL reports during a write. */
const writeError = (reason: string) =>
  `write EPROTO 405D5182267F0000:error:0A00010B:SSL routines:${reason}:../deps/openssl/openssl/ssl/record/methods/tlsany_meth.c:80:\n`

for (const [fields, cause] of [
  [{ message: 'Connection error: connect ECONNREFUSED', code: 'ECONNREFUSED' }, 'connection refused'],
  [{ message: 'Connection error: getaddrinfo ENOTFOUND kafka', code: 'ENOTFOUND' }, 'unknown host'],
  [{ message: 'Connection timeout' }, 'Connection timeout'],
  [
    { message: 'Request Metadata(key: 3, version: 6) timed out' },
    'Request Metadata(key: 3, version: 6) timed out',
  ],
  [
    { name: 'KafkaJSRequestTimeoutError', message: 'Request Metadata(key: 3, version: 6) timed out' },
    'no response within request.timeout.ms',
  ],
  [{ message: 'Connection error: self-signed certificate', code: 'X' }, 'self-signed certificate'],
  [
    {
      message: 'Connection error: error:0A00010B:SSL routines:ssl3_get_record:wrong version number',
      code: 'ERR_SSL_WRONG_VERSION_NUMBER',
    },
    'the port does not speak TLS; check security.protocol',
  ],
  [
    {
      message:
        'Connection error: error:0A000092:SSL routines:tls_validate_record_header:data length too long',
      code: 'ERR_SSL_DATA_LENGTH_TOO_LONG',
    },
    'the port does not speak TLS; check security.protocol',
  ],
  [
    {
      message: `Connection error: ${writeError('tls_validate_record_header:wrong version number')}`,
      code: 'EPROTO',
    },
    'the port does not speak TLS; check security.protocol',
  ],
  [
    {
      message: `Connection error: ${writeError('ssl3_read_bytes:sslv3 alert handshake failure')}`,
      code: 'EPROTO',
    },
    'TLS failed: sslv3 alert handshake failure; check security.protocol and the ssl settings',
  ],
  [
    { message: 'Connection error: write EPROTO', code: 'EPROTO' },
    'TLS failed; check security.protocol and the ssl settings',
  ],
  [
    {
      message:
        'Connection error: Client network socket disconnected before secure TLS connection was established',
      code: 'ECONNRESET',
    },
    'the connection was closed before TLS was established; if this persists, check security.protocol, as the port may not speak TLS',
  ],
  [
    { name: 'KafkaJSConnectionClosedError', message: 'Closed connection' },
    'the connection was closed; if this persists, check that the port belongs to Kafka, and check security.protocol',
  ],
] as const) {
  test(`a failed connection names broker and cause: ${cause}`, () => {
    assert.deepEqual(failedAttempt(failure(fields)), {
      reason: `cannot reach Kafka at kafka:9092: ${cause}`,
      unreachable: true,
    })
  })
}

test('a broker that does not respond counts as unreachable since its last response', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 50_000 })
  assert.deepEqual(failedAttempt(noResponse('kafka:9092', 10_200)), {
    reason: 'no response from Kafka at kafka:9092 for 10 s',
    unreachable: true,
    since: 39_800,
  })
})

test('an error response of a broker is not a failed connection', () => {
  const error = brokerError(6, 'write to partition 0 of topic t')
  assert.deepEqual(failedAttempt(error), { reason: error.message, unreachable: false })
  const wrapped = Object.assign(new Error('not there'), {
    type: 'COORDINATOR_NOT_AVAILABLE',
    broker: 'kafka:9092',
  })
  assert.equal(failedAttempt(kafkaFailure(wrapped, 'join')).unreachable, false)
})

test('the reason of an error without a broker is its message', () => {
  const error = new ConnectError('HR_KAFKA_UNAVAILABLE', 'topic t does not exist')
  assert.deepEqual(failedAttempt(error), { reason: 'topic t does not exist', unreachable: false })
})
