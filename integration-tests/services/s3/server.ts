/** An S3 server of the tests (Versity S3 Gateway, in path style). It can be stopped and killed. */
export interface S3Server extends S3Address {
  /** Stops the server. Its data is kept. */
  stop(): Promise<void>
  /** Kills the server like `kill -9`. */
  kill(): Promise<void>
  /** Starts the stopped server with its data. Resolves once it answers. */
  start(): Promise<void>
}

/** Where a server is, and the keys of its root account. */
export interface S3Address {
  /** URL, such as http://127.0.0.1:7070. The same after a restart. */
  readonly endpoint: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export interface S3Options {
  /** Called before a step that takes time, with its description. */
  readonly report?: (text: string) => void
}

export const VERSION = 'v1.8.0'
export const ACCESS_KEY_ID = 'headrace-of-tests'
export const SECRET_ACCESS_KEY = 's3-secret-of-tests'
export const REGION = 'us-east-1'

export const START_TIMEOUT_MS = 60_000
const ANSWER_TIMEOUT_MS = 2000

/** Environment of the server with its root account. */
export const rootAccount = { ROOT_ACCESS_KEY: ACCESS_KEY_ID, ROOT_SECRET_KEY: SECRET_ACCESS_KEY }

/** Whether a server answers, even with a refusal. */
export async function answers(endpoint: string): Promise<boolean> {
  try {
    await (await fetch(endpoint, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) })).arrayBuffer()
    return true
  } catch {
    return false
  }
}
