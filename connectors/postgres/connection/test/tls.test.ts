import assert from 'node:assert/strict'
import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Secret } from '../../../../api/index.ts'
import type { ConnectionConfig } from '../settings.ts'
import { encryptions } from '../tls.ts'
import { configFor } from './fake-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'headrace-tls-'))
after(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const ways = (settings: Partial<ConnectionConfig>, host = 'db') =>
  encryptions(configFor(5432, settings), host)
const certificate = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()

test('each mode has its ways to connect, in order', () => {
  const encrypted = (mode: ConnectionConfig['database.sslmode']) =>
    ways({ 'database.sslmode': mode }).map((way) => way !== false)
  assert.deepEqual(encrypted('disable'), [false])
  assert.deepEqual(encrypted('allow'), [false, true])
  assert.deepEqual(encrypted('prefer'), [true, false])
  assert.deepEqual(encrypted('require'), [true])
  assert.deepEqual(ways({ 'database.sslmode': 'require' }, '/var/run'), [false])
})

test('only verify-ca and verify-full verify the certificate, and only verify-full its name', () => {
  const root = file('root.crt', certificate)
  const [required] = ways({ 'database.sslmode': 'require', 'database.sslrootcert': root })
  const [ca] = ways({ 'database.sslmode': 'verify-ca', 'database.sslrootcert': root })
  const [full] = ways({ 'database.sslmode': 'verify-full', 'database.sslrootcert': root })
  assert.ok(required !== undefined && required !== false && ca !== undefined && ca !== false)
  assert.deepEqual([required.rejectUnauthorized, required.ca], [false, undefined])
  assert.deepEqual([ca.rejectUnauthorized, ca.ca], [true, certificate])
  assert.equal(ca.checkServerIdentity?.('other', {} as never), undefined)
  assert.deepEqual(full, { rejectUnauthorized: true, ca: certificate })
})

test('certificates and keys are read in PEM, DER and PKCS #12', () => {
  const cert = file('client.der', Buffer.from('AAAA', 'base64'))
  const der = privateKey.export({ format: 'der', type: 'pkcs8' })
  const options = { format: 'der', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'open' } as const
  for (const [name, content] of [
    ['client.key', pem],
    ['client.pk8', der],
    ['locked.pk8', privateKey.export(options)],
    ['locked.pem', privateKey.export({ ...options, format: 'pem' })],
  ] as const) {
    const [way] = ways({
      'database.sslmode': 'require',
      'database.sslcert': cert,
      'database.sslkey': file(name, content),
      'database.sslpassword': name.startsWith('locked') ? new Secret('open') : null,
    })
    assert.ok(way !== undefined && way !== false)
    assert.equal(way.cert, certificate)
    assert.ok(createPrivateKey(String(way.key)).equals(privateKey), name)
  }
  const store = file('client.p12', 'a store')
  assert.deepEqual(
    ways({
      'database.sslmode': 'require',
      'database.sslkey': store,
      'database.sslpassword': new Secret('x'),
    }),
    [{ pfx: Buffer.from('a store'), passphrase: 'x', rejectUnauthorized: false }],
  )
})

test('factories of pgjdbc choose what is verified, others are not supported', () => {
  const factory = (name: string) => ({ 'database.sslmode': 'require', 'database.sslfactory': name }) as const
  const [never] = ways(factory('org.postgresql.ssl.NonValidatingFactory'))
  assert.deepEqual(never, { rejectUnauthorized: false })
  const [known] = ways(factory('org.postgresql.ssl.DefaultJavaSSLFactory'))
  assert.equal(known !== false && known?.rejectUnauthorized, true)
  assert.throws(() => ways(factory('com.example.Own')), {
    code: 'HR_CONFIG_INVALID',
    configKey: 'database.sslfactory',
  })
})

test('a file that is missing or not a key is named by its setting, without the password', () => {
  const cert = file('c.crt', certificate)
  const base = { 'database.sslmode': 'require', 'database.sslcert': cert } as const
  assert.throws(() => ways({ ...base, 'database.sslkey': join(folder, 'none') }), {
    configKey: 'database.sslkey',
    message: /cannot be read: ENOENT/,
  })
  const locked = {
    ...base,
    'database.sslkey': file('no.key', 'x'),
    'database.sslpassword': new Secret('s3cret'),
  }
  assert.throws(
    () => ways(locked),
    (error: Error) => /not a private key/.test(error.message) && !error.message.includes('s3cret'),
  )
})
