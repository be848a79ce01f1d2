import { request, type RequestOptions } from 'node:https'
import { buffer } from 'node:stream/consumers'
import { readText } from '../../config/index.ts'
import { CommandError } from '../exit-codes.ts'

/** Sends a request like `fetch`. */
export type Send = (url: string, request: RequestInit) => Promise<Response>

/**
 * Creates a function that sends HTTPS requests and trusts only the CA certificates of a PEM file; `fetch` has no
 * option for that. Throws a CommandError for a file without a certificate.
 */
export async function sendTrusting(caFile: string): Promise<Send> {
  const ca = (await readText(caFile)).text
  if (!ca.includes('-----BEGIN CERTIFICATE-----')) {
    throw new CommandError(`${caFile}: expected PEM certificates (-----BEGIN CERTIFICATE-----)`)
  }
  return (url, { method, headers, body, signal }) => {
    const text = typeof body === 'string' ? body : ''
    const options = {
      ca,
      method,
      signal: signal ?? undefined,
      headers: {
        ...(headers as Readonly<Record<string, string>>),
        ...(text === '' ? {} : { 'content-length': Buffer.byteLength(text) }),
      },
    } as RequestOptions
    return new Promise((resolve, reject) => {
      const sent = request(url, options, (answer) => {
        buffer(answer).then((bytes) => {
          const { statusCode: status = 500, headers: found } = answer
          const retryAfter = found['retry-after']
          const given = retryAfter === undefined ? {} : { 'retry-after': retryAfter }
          const hasBody = status !== 204 && bytes.length > 0
          resolve(new Response(hasBody ? new Uint8Array(bytes) : null, { status, headers: given }))
        }, reject)
      })
      sent.on('error', (cause) => reject(new TypeError('the request failed', { cause })))
      sent.end(text)
    })
  }
}
