import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { request, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { after, suite, test } from 'node:test'
import { Secret } from '../../../api/index.ts'
import type { CredentialsChoice } from '../../../connectors/s3/storage/index.ts'
import { createBucket, stopAllChildren, workFolder } from '../../services/index.ts'
import { extent, hash, MB, openFor, openWith, randomBytes, signal } from './objects.ts'
import { serve, startUploads, type Uploads } from './servers.ts'

const bucket = await createBucket()
const { accessKeyId, secretAccessKey } = bucket.address
after(async () => {
  await bucket.drop()
  await stopAllChildren()
})

/** Credentials are renewed when they have less than five minutes left. */
const soon = (): string => new Date(Date.now() + 60_000).toISOString()
const late = (): string => new Date(Date.now() + 3_600_000).toISOString()

/** A service of roles that gives keys with an end of `expiration`, each time with another token. */
async function startSts(expiration: () => string) {
  const calls: string[] = []
  const endpoint = await serve((incoming, outgoing) => {
    void textOf(incoming).then((body) => {
      calls.push(body)
      outgoing.setHeader('content-type', 'text/xml')
      outgoing.end(
        '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>' +
          `<AccessKeyId>temporary</AccessKeyId><SecretAccessKey>temporary-secret</SecretAccessKey>` +
          `<SessionToken>token-${calls.length}</SessionToken><Expiration>${expiration()}</Expiration>` +
          '</Credentials></AssumeRoleResult></AssumeRoleResponse>',
      )
    })
  })
  return { endpoint, calls }
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of incoming) text += String(chunk)
  return text
}

const role = (stsEndpoint: string): CredentialsChoice => ({
  kind: 'assume-role',
  roleArn: 'arn:aws:iam::123456789012:role/sink',
  externalId: 'external',
  sessionName: 'headrace',
  durationSeconds: 900,
  stsRegion: null,
  stsEndpoint,
  base: { kind: 'static', accessKeyId: 'base', secretAccessKey: new Secret('base-secret') },
})

/** Stores an object with credentials; `server` is the one of the bucket by default. */
async function stores(
  credentials: CredentialsChoice,
  size = 10,
  server: { readonly endpoint: string } = bucket.address,
): Promise<void> {
  const { writer } = openFor(bucket, { endpoint: server.endpoint, credentials })
  const object = openWith(writer, `stored/${credentials.kind}`, randomBytes(size))
  assert.deepEqual(await object.store(extent(0, 9), 'keep', signal), { kind: 'stored' })
}

/** The tokens of the requests. */
const tokensIn = ({ requests }: Uploads): string[] =>
  requests.map(({ headers }) => String(headers['x-amz-security-token']))

/** Sets variables of the environment for the duration of `work`. */
async function withEnvironment(
  variables: Readonly<Record<string, string>>,
  work: () => Promise<void>,
): Promise<void> {
  const before = { ...process.env }
  Object.assign(process.env, variables)
  try {
    await work()
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name]
    Object.assign(process.env, before)
  }
}

suite('an assumed role', () => {
  test('its credentials are asked for once while they are valid', async () => {
    const [sts, uploads] = [await startSts(late), await startUploads()]
    await stores(role(sts.endpoint), 11 * MB, uploads)
    assert.deepEqual([...new Set(tokensIn(uploads))], ['token-1'])
    const parameters = new URLSearchParams(sts.calls[0])
    assert.equal(parameters.get('RoleArn'), 'arn:aws:iam::123456789012:role/sink')
    assert.equal(parameters.get('ExternalId'), 'external')
    assert.equal(parameters.get('RoleSessionName'), 'headrace')
    assert.equal(parameters.get('DurationSeconds'), '900')
  })

  test('its credentials are renewed during an upload when they end soon', async () => {
    const [sts, uploads] = [await startSts(soon), await startUploads()]
    await stores(role(sts.endpoint), 21 * MB, uploads)
    assert.ok(new Set(tokensIn(uploads)).size >= 3, tokensIn(uploads).join())
  })

  test('credentials that the server calls expired are replaced', async () => {
    const [sts, uploads] = [await startSts(late), await startUploads()]
    uploads.faults.push({ status: 400, code: 'ExpiredToken' })
    await stores(role(sts.endpoint), 10, uploads)
    assert.deepEqual(tokensIn(uploads), ['token-1', 'token-2'])
  })

  test('a role that may not be assumed is a fault, without the secret', async () => {
    const endpoint = await serve((incoming, outgoing) => {
      incoming.resume()
      outgoing.writeHead(403, { 'content-type': 'text/xml' })
      outgoing.end(
        '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>Not authorized to perform sts:AssumeRole</Message></Error></ErrorResponse>',
      )
    })
    const { storage } = openFor(bucket, { credentials: role(endpoint) })
    await assert.rejects(storage.checkBucket(signal), {
      code: 'HR_CONNECT',
      message: /^Cannot get credentials for S3: Not authorized to perform sts:AssumeRole\. Check s3\.cred/,
    })
  })
})

suite('credentials of the surroundings', () => {
  const answer = (): string =>
    JSON.stringify({
      Code: 'Success',
      AccessKeyId: 'temporary',
      SecretAccessKey: 'temporary-secret',
      Token: 'token',
      Expiration: late(),
    })
  const tokensOf = async (kind: 'container' | 'instance' | 'chain'): Promise<string[]> => {
    const uploads = await startUploads()
    await stores({ kind }, 10, uploads)
    return tokensIn(uploads)
  }

  test('of the environment', async () => {
    const variables = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
    await withEnvironment(variables, async () => {
      await stores({ kind: 'environment' })
      await stores({ kind: 'chain' })
    })
  })

  test('of a profile in the shared file', async () => {
    const file = join(workFolder('credentials'), 'credentials')
    const keys = `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`
    await writeFile(file, `[default]\naws_access_key_id = wrong\n\n[sink]\n${keys}`)
    await withEnvironment({ AWS_SHARED_CREDENTIALS_FILE: file, AWS_PROFILE: 'sink' }, () =>
      stores({ kind: 'profile', profile: null }),
    )
  })

  test('of a container, also in the chain', async () => {
    const url = await serve((_, outgoing) => outgoing.end(answer()))
    await withEnvironment({ AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/credentials` }, async () => {
      assert.deepEqual(await tokensOf('container'), ['token'])
      assert.deepEqual(await tokensOf('chain'), ['token'])
    })
  })

  test('of an instance', async () => {
    const url = await serve(({ url: path = '' }, outgoing) => {
      if (path.endsWith('/api/token')) outgoing.end('metadata-token')
      else if (path.endsWith('/security-credentials/')) outgoing.end('instance-role')
      else outgoing.end(answer())
    })
    await withEnvironment({ AWS_EC2_METADATA_SERVICE_ENDPOINT: url }, async () => {
      assert.deepEqual(await tokensOf('instance'), ['token'])
    })
  })

  test('none is a fault with what to do', async () => {
    const { storage } = openFor(bucket, { credentials: { kind: 'environment' } })
    await assert.rejects(storage.checkBucket(signal), {
      code: 'HR_CONNECT',
      message: /^Cannot get credentials for S3: .*Check s3\.credentials\.provider\.class/,
    })
  })
})

suite('an HTTP proxy', () => {
  /** A forward proxy that wants a login; `seen` are the URLs it was asked for. */
  async function startForwardProxy() {
    const seen: string[] = []
    const url = await serve((incoming, outgoing) => {
      const login = incoming.headers['proxy-authorization']
      seen.push(incoming.url ?? '')
      if (login !== `Basic ${Buffer.from('user:word').toString('base64')}`) {
        incoming.resume()
        outgoing.writeHead(407).end()
        return
      }
      const { 'proxy-authorization': _, ...headers } = incoming.headers
      const target = { method: incoming.method, headers, agent: false }
      const passing = request(incoming.url ?? '', target, (response) => {
        outgoing.writeHead(response.statusCode ?? 500, response.headers)
        response.pipe(outgoing)
      })
      incoming.pipe(passing)
    })
    return { url, seen }
  }

  test('requests go through it with a login', async () => {
    const { url, seen } = await startForwardProxy()
    const proxied = { url, user: 'user', password: new Secret('word') }
    const { writer } = openFor(bucket, { proxy: proxied })
    const content = randomBytes(6 * MB)
    await openWith(writer, 'proxy/object', content).store(extent(0, 9), 'keep', signal)
    assert.equal(hash(await bucket.read('proxy/object')), hash(content))
    assert.ok(seen.length >= 3)
    assert.ok(seen.every((path) => path.startsWith(`${bucket.address.endpoint}/`)))
  })

  test('a login that it refuses is a fault without the password', async () => {
    const { url } = await startForwardProxy()
    const wrong = { url, user: 'user', password: new Secret('wrong-word') }
    const { storage } = openFor(bucket, { proxy: wrong })
    await assert.rejects(storage.checkBucket(signal), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'HR_CONNECT')
      assert.match(error.message, /407.*s3\.proxy\.user/)
      assert.doesNotMatch(error.message, /wrong-word/)
      return true
    })
  })
})
