import { request, type RequestOptions } from 'node:https'
import { buffer } from 'node:stream/consumers'
import { readText } from '../../config/index.ts'
import { CommandError } from '../exit-codes.ts'

/** Sends a request, as `fetch` does. */
export type Send = (url: string, request: RequestInit) => Promise<Response>

/**
 * A way to send requests over HTTPS that trusts the authorities of a PEM file, and no others: `fetch` cannot be told
 * whom to trust. Throws a CommandError for a file without a certificate.
 */
export async function sendTrusting(caFile: string): Promise<Send> {
  const ca = await readText(caFile)
  if (!ca.includes('-----BEGIN CERTIFICATE-----')) {
    throw new CommandError(`${caFile}: expected certificates in PEM (-----BEGIN CERTIFICATE-----)`)
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
