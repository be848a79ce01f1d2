import { createHash, createHmac } from 'node:crypto'
import type { AwsKeys } from '../settings.ts'

const ALGORITHM = 'AWS4-HMAC-SHA256'

/** What a signature covers. */
export interface Signed {
  readonly method: string
  readonly host: string
  /** With the query. */
  readonly path: string
  readonly body?: string | Buffer
}

/**
 * Returns the headers that sign a request for services of AWS. Source: Signature Version 4, as AwsV4HttpSigner of the SDK for
 * Java makes it for services other than S3.
 */
export function signatureHeaders(keys: AwsKeys, request: Signed, now: Date): Record<string, string> {
  const time = now.toISOString().replace(/[:-]|\.\d{3}/g, '')
  const scope = `${time.slice(0, 8)}/${keys.region}/${keys.service}/aws4_request`
  const hash = sha256(request.body ?? '')
  const headers = { 'host': request.host, 'x-amz-content-sha256': hash, 'x-amz-date': time }
  const names = Object.keys(headers).join(';')
  const canonical = [
    request.method,
    ...canonicalPath(request.path),
    ...Object.entries(headers).map(([name, value]) => `${name}:${value}`),
    '',
    names,
    hash,
  ].join('\n')
  const text = [ALGORITHM, time, scope, sha256(canonical)].join('\n')
  const key = [time.slice(0, 8), keys.region, keys.service, 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => hmac(secret, part),
    `AWS4${keys.secretAccessKey.reveal()}`,
  )
  const signature = hmac(key, text).toString('hex')
  const credential = `${keys.accessKeyId}/${scope}`
  return {
    'x-amz-date': time,
    'x-amz-content-sha256': hash,
    'authorization': `${ALGORITHM} Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
  }
}

/** The parts of the path are encoded once more; the parameters are sorted by their encoded names and values. */
function canonicalPath(path: string): [path: string, query: string] {
  const { pathname, searchParams } = new URL(path, 'http://localhost')
  const pairs = [...searchParams].map((pair) => pair.map(encode).join('='))
  return [pathname.split('/').map(encode).join('/'), pairs.toSorted().join('&')]
}

/** Encodes all but the unreserved characters of RFC 3986. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex')

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
