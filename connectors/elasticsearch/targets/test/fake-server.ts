import type { SearchServer, ServerRequest, ServerResponse } from '../../ports.ts'

/** Answers requests such as `PUT /orders` from a table, and records them. Unknown ones get 404. */
export class FakeServer implements SearchServer {
  readonly requests: string[] = []
  readonly bodies: unknown[] = []
  readonly #answers: Map<string, (ServerResponse | Error)[]>

  /** Of several answers to a request, the last one is repeated. */
  constructor(answers: Readonly<Record<string, readonly (ServerResponse | Error)[]>>) {
    this.#answers = new Map(Object.entries(answers).map(([line, list]) => [line, [...list]]))
  }

  request({ method, path, body }: ServerRequest, signal: AbortSignal): Promise<ServerResponse> {
    signal.throwIfAborted()
    const line = `${method} ${path}`
    this.requests.push(line)
    if (body !== undefined) this.bodies.push(JSON.parse(body))
    const answers = this.#answers.get(line) ?? [response(404)]
    const answer = answers.length > 1 ? answers.shift()! : answers[0]!
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

export const response = (status: number, body?: unknown): ServerResponse => ({
  status,
  body,
  retryAfterMs: undefined,
})

export const failure = (status: number, type: string, reason: string): ServerResponse =>
  response(status, { error: { type, reason }, status })
