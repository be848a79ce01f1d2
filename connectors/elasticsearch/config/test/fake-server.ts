import type { SearchServer, ServerRequest, ServerResponse } from '../../ports.ts'

/** A server that answers from a function, and keeps what it was asked for. */
export interface FakeServer extends SearchServer {
  readonly asked: string[]
  readonly closed: boolean
}

/** Statuses and bodies by method and path, such as `GET /`; 404 for others. An error is what the request rejects with. */
export type Answers = Readonly<Record<string, readonly [status: number, body?: unknown] | Error>>

export function fakeServer(answers: Answers): FakeServer {
  const asked: string[] = []
  let closed = false
  return {
    asked,
    get closed() {
      return closed
    },
    request({ method, path }: ServerRequest): Promise<ServerResponse> {
      const line = `${method} ${path}`
      asked.push(line)
      const answer = Object.hasOwn(answers, line) ? answers[line] : undefined
      if (answer instanceof Error) return Promise.reject(answer)
      const [status, body] = answer ?? [404]
      return Promise.resolve({ status, body, retryAfterMs: undefined })
    },
    close() {
      closed = true
      return Promise.resolve()
    },
  }
}

/** The answer of `GET /`. */
export const versionAnswer = (number: string) => [200, { version: { number } }] as const
