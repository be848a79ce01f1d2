import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import forge from 'node-forge'
import { Secret } from '../../api/index.ts'
import type { SslConfig } from '../../java/index.ts'
import {
  startElasticsearch,
  startHttpProxy,
  stopAllChildren,
  workFolder,
  type TestSearchServer,
} from '../services/index.ts'
import { makeCertificate } from '../services/kafka/security.ts'
import { bulkOf, defaultTls, openFor } from './opened-server.ts'

let server: TestSearchServer
before(async () => {
  server = await startElasticsearch({ security: 'tls' })
})
after(() => stopAllChildren())

const identify = { method: 'GET', path: '/' } as const
const folder = workFolder('trust')

/** Writes a file and returns its path. */
function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

function pkcs12(certificate: string, password: string): Buffer {
  const store = forge.pkcs12.toPkcs12Asn1(null, [forge.pki.certificateFromPem(certificate)], password)
  return Buffer.from(forge.asn1.toDer(store).getBytes(), 'latin1')
}

const trusting = (settings: Partial<SslConfig>): { readonly tls: SslConfig } => ({
  tls: { ...defaultTls, ...settings },
})

test('the certificate authority is read from a PEM or PKCS12 file', async (t) => {
  const certificate = server.certificate ?? ''
  const stores: Partial<SslConfig>[] = [
    { 'ssl.truststore.location': file('trust.pem', certificate) },
    {
      'ssl.truststore.location': file('trust.p12', pkcs12(certificate, 'store-password')),
      'ssl.truststore.password': new Secret('store-password'),
    },
  ]
  for (const store of stores) {
    const { send } = openFor(t, server, trusting(store))
    assert.equal((await send(identify)).status, 200)
    assert.equal((await send(bulkOf('secured', 10))).status, 200)
  }
})

test('a JKS file is refused with the command that converts it', async (t) => {
  const jks = file('trust.jks', Buffer.from('feedfeed00000002', 'hex'))
  const { send } = openFor(t, server, trusting({ 'ssl.truststore.location': jks }))
  await assert.rejects(send(identify), {
    code: 'HR_CONFIG_INVALID',
    message: /elastic\.https\.ssl\.truststore\.location.*keytool -importkeystore .*trust\.p12/,
  })
})

test('a server whose certificate is not trusted fails at once, with the setting to change', async (t) => {
  for (const changes of [
    { tls: null },
    trusting({ 'ssl.truststore.certificates': new Secret(makeCertificate('other').certificate) }),
  ]) {
    const { send } = openFor(t, server, changes)
    await assert.rejects(send(identify), {
      code: 'HR_CONNECT',
      message: /certificate.*elastic\.https\.ssl\.truststore\.location/,
    })
  }
})

test('the name in the certificate is checked unless this is disabled', async (t) => {
  const trusted = { 'ssl.truststore.certificates': new Secret(server.certificate ?? '') }
  const urls = [server.url.replace('127.0.0.1', 'localhost')]
  const strict = openFor(t, server, { urls, ...trusting(trusted) })
  await assert.rejects(strict.send(identify), {
    code: 'HR_CONNECT',
    message: /elastic\.https\.ssl\.endpoint\.identification\.algorithm/,
  })
  const lax = openFor(t, server, {
    urls,
    ...trusting({ ...trusted, 'ssl.endpoint.identification.algorithm': '' }),
  })
  assert.equal((await lax.send(identify)).status, 200)
})

test('only the enabled protocols are used', async (t) => {
  const trusted = { 'ssl.truststore.certificates': new Secret(server.certificate ?? '') }
  const { send } = openFor(t, server, trusting({ ...trusted, 'ssl.enabled.protocols': ['TLSv1.2'] }))
  assert.equal((await send(identify)).status, 200)
})

test('without TLS the connection is cut, and TLS on a port without it is named', async (t) => {
  const plain = openFor(t, server, { urls: [server.url.replace('https', 'http')] })
  await assert.rejects(plain.send(bulkOf('never', 1)), { code: 'HR_RETRIABLE' })

  const proxy = await startHttpProxy()
  t.after(() => proxy.close())
  const { send } = openFor(t, server, { urls: [`https://127.0.0.1:${proxy.port}`] })
  await assert.rejects(send(identify), {
    code: 'HR_CONNECT',
    message: /does not use TLS on this port: check the scheme in connection\.url/,
  })
})

test('a wrong password is answered with 401 and an API key that is not known too', async (t) => {
  const login = { kind: 'basic', user: server.login?.user ?? '', password: new Secret('wrong') } as const
  assert.equal((await openFor(t, server, { login }).send(identify)).status, 401)
  const key = { kind: 'api-key', key: new Secret('aWQ6a2V5') } as const
  assert.equal((await openFor(t, server, { login: key }).send(identify)).status, 401)
  assert.equal((await openFor(t, server, { login: null }).send(bulkOf('never', 1))).status, 401)
})

test('connections with TLS go through a tunnel of the proxy', async (t) => {
  const proxy = await startHttpProxy()
  t.after(() => proxy.close())
  const { host, port, user, password } = proxy
  const login = { user, password: new Secret(password) }
  const { send } = openFor(t, server, { proxy: { host, port, login } })

  for (let count = 0; count < 3; count++) assert.equal((await send(bulkOf('tunnelled', 100))).status, 200)
  assert.deepEqual(proxy.targets, [new URL(server.url).host])

  const refused = openFor(t, server, { proxy: { host, port, login: null } })
  await assert.rejects(refused.send(identify), {
    code: 'HR_CONNECT',
    message: /wants a login \(407\)\. Set proxy\.username and proxy\.password/,
  })
  const away = openFor(t, server, { proxy: { host, port: 1, login: null } })
  await assert.rejects(away.send(identify), {
    code: 'HR_RETRIABLE',
    message: /the proxy 127\.0\.0\.1:1 \(proxy\.host, proxy\.port\) cannot be reached/,
  })
})
