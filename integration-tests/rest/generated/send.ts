import { request, type Agent } from 'node:http'
import type { GeneratedRequest } from './requests.ts'

export interface Outcome {
  readonly status: number
  readonly text: string
}

/** Sends a request unchanged. Resolves to undefined if the worker closes the connection without a response. */
export function send(
  base: URL,
  agent: Agent,
  generated: GeneratedRequest,
  timeoutMs: number,
): Promise<Outcome | undefined> {
  const { method, path, headers, body } = generated
  const { hostname, port } = base
  return new Promise((resolve, reject) => {
    const options = { hostname, port, method, path, headers: { ...headers, ...lengthOf(body) }, agent }
    const call = request(options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        clearTimeout(timer)
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') })
      })
    })
    const timer = setTimeout(() => {
      reject(new Error(`no response within ${timeoutMs} ms to ${method} ${path}`))
      call.destroy()
    }, timeoutMs)
    call.on('error', () => {
      clearTimeout(timer)
      resolve(undefined)
    })
    call.end(body)
  })
}

const lengthOf = (body: string | Buffer | undefined): Record<string, number> =>
  body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
