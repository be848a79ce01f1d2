import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isConnectError, type Props } from '../../../../api/index.ts'
import { connectionSettings } from '../../connection/settings.ts'

const PASSWORD = 'hunter2'
const bootstrap = { 'bootstrap.servers': 'localhost:9092' }

const plain = {
  ...bootstrap,
  'security.protocol': 'SASL_PLAINTEXT',
  'sasl.mechanism': 'PLAIN',
  'sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required username="me" password="${PASSWORD}";`,
}

/** Resolves to the error for invalid settings. It must not include the password. */
async function refusal(props: Props): Promise<string> {
  const error: unknown = await connectionSettings(props).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.ok(isConnectError(error) && error.code === 'HR_CONFIG_INVALID')
  assert.doesNotMatch(`${error.message} ${String(error.cause)}`, new RegExp(PASSWORD))
  return error.message
}

test('broker addresses have a host and port, optionally a protocol, and brackets for IPv6', async () => {
  const { bootstrap: found } = await connectionSettings({
    'bootstrap.servers': 'a:1, PLAINTEXT://b.example:65535,[::1]:9092',
  })

  assert.deepEqual(found, [
    { host: 'a', port: 1 },
    { host: 'b.example', port: 65_535 },
    { host: '::1', port: 9092 },
  ])
})

test('an invalid address is rejected with the setting and the expected format', async () => {
  for (const address of ['localhost', 'localhost:', ':9092', 'localhost:65536', 'a b:1', 'localhost:x']) {
    assert.match(await refusal({ 'bootstrap.servers': address }), /bootstrap\.servers.*expected host:port/)
  }
  assert.match(await refusal({ 'bootstrap.servers': '' }), /No bootstrap urls/)
})

test('username and password are read from all forms of JAAS', async () => {
  for (const options of [
    'required username="me" password="a\\"b=;c";',
    "REQUIRED\n  password='a\"b=;c'\n  username=me ;",
    'sufficient serviceName=x username = "me"   password="a\\"b=;c" ;  ',
  ]) {
    const jaas = `org.example.ScramLoginModule ${options}`
    const { sasl } = await connectionSettings({
      ...plain,
      'sasl.mechanism': 'SCRAM-SHA-512',
      'sasl.jaas.config': jaas,
    })

    assert.deepEqual(sasl, { mechanism: 'scram-sha-512', username: 'me', password: 'a"b=;c' })
  }
})

test('login errors name the problem without showing the settings', async () => {
  const module = 'org.example.Module required'
  for (const jaas of [
    '',
    module,
    `${module} username="me" password="${PASSWORD}"`,
    `${module} username password="${PASSWORD}";`,
  ]) {
    assert.match(
      await refusal({ ...plain, 'sasl.jaas.config': jaas }),
      /sasl\.jaas\.config is not of the form/,
    )
  }
  assert.match(
    await refusal({ ...plain, 'sasl.jaas.config': `${module} password="${PASSWORD}";` }),
    /no username/,
  )
  assert.match(
    await refusal({ ...plain, 'sasl.mechanism': 'GSSAPI' }),
    /expected one of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512/,
  )
})

test('SASL settings apply only to SASL protocols', async () => {
  const { sasl, ssl } = await connectionSettings({ ...plain, 'security.protocol': 'PLAINTEXT' })

  assert.deepEqual([sasl, ssl], [null, null])
})

test('certificates, TLS versions and host name verification come from the settings', async () => {
  const certificate = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'
  const { ssl } = await connectionSettings({
    ...bootstrap,
    'security.protocol': 'SSL',
    'ssl.truststore.certificates': `${certificate}\n${certificate}`,
    'ssl.enabled.protocols': 'TLSv1.3,TLSv1.2',
    'ssl.endpoint.identification.algorithm': '',
  })

  assert.deepEqual(
    [ssl?.ca, ssl?.minVersion, ssl?.maxVersion],
    [[certificate, certificate], 'TLSv1.2', 'TLSv1.3'],
  )
  assert.equal(ssl?.checkServerIdentity?.('other', {} as never), undefined)
})

test('the error for a missing store names its setting', async () => {
  const key = 'ssl.truststore.location'
  const message = await refusal({ ...bootstrap, 'security.protocol': 'SSL', [key]: '/absent/store.p12' })

  assert.match(message, /\/absent\/store\.p12 of ssl\.truststore\.location/)
})
