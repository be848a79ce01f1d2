import { Agent, request, type IncomingHttpHeaders } from 'node:http'
import type { HttpStep } from './scenario.ts'

const TIMEOUT_MS = 100_000

export interface HttpAnswer {
  /** 0 if there was no response. */
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Parsed JSON, or the text if it is not JSON; undefined if it is empty. */
  readonly body: unknown
  readonly isJson: boolean
  readonly error?: string
}

/** Sends a request exactly as given. `fetch` would add headers and normalize paths. */
export class HttpClient {
  readonly #base: URL
  readonly #agent = new Agent({ keepAlive: true })

  constructor(base: string) {
    this.#base = new URL(base)
  }

  send(step: Pick<HttpStep, 'method' | 'path' | 'json' | 'raw' | 'headers'>): Promise<HttpAnswer> {
    const body = step.json === undefined ? step.raw : JSON.stringify(step.json)
    const options = {
      hostname: this.#base.hostname,
      port: this.#base.port,
      path: step.path,
      method: step.method,
      headers: headersOf(step, body),
      agent: this.#agent,
      timeout: TIMEOUT_MS,
    }
    return new Promise((resolve) => {
      const failed = (error: Error) =>
        resolve({ status: 0, headers: {}, body: undefined, isJson: false, error: error.message })
      const call = request(options, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', failed)
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          resolve({ status: response.statusCode ?? 0, headers: response.headers, ...parsed(text) })
        })
      })
      call.on('timeout', () => call.destroy(new Error('no response in time')))
      call.on('error', failed)
      call.end(body)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}

function headersOf(
  { method, json, headers = {} }: Pick<HttpStep, 'method' | 'json' | 'headers'>,
  body: string | undefined,
): Record<string, string | number> {
  const all: Record<string, string | number | null> = { accept: 'application/json' }
  if (json !== undefined) all['content-type'] = 'application/json'
  if (body !== undefined) all['content-length'] = Buffer.byteLength(body)
  else if (['POST', 'PUT', 'PATCH'].includes(method)) all['content-length'] = 0
  const given = Object.entries({ ...all, ...headers })
  return Object.fromEntries(given.filter((entry): entry is [string, string | number] => entry[1] !== null))
}

function parsed(text: string): Pick<HttpAnswer, 'body' | 'isJson'> {
  if (text === '') return { body: undefined, isJson: false }
  try {
    return { body: JSON.parse(text) as unknown, isJson: true }
  } catch {
    return { body: text, isJson: false }
  }
}
