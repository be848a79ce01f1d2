import type { Body, FileStep, HttpOptions, HttpStep, Step } from './scenario.ts'

export const enc = encodeURIComponent

type Given = HttpOptions | undefined

export const req = (method: string, path: string, options: Given = {}): HttpStep => ({
  kind: 'http',
  method,
  path,
  ...options,
})
const withBody =
  (method: string) =>
  (path: string, json?: unknown, options: Given = {}): HttpStep =>
    req(method, path, json === undefined ? options : { json, ...options })

export const GET = (path: string, options?: Given): HttpStep => req('GET', path, options)
export const HEAD = (path: string, options?: Given): HttpStep => req('HEAD', path, options)
export const OPTIONS = (path: string, options?: Given): HttpStep => req('OPTIONS', path, options)
export const DELETE = (path: string, options?: Given): HttpStep => req('DELETE', path, options)
export const POST = withBody('POST')
export const PUT = withBody('PUT')
export const PATCH = withBody('PATCH')

type Predicate = (body: Body, status: number) => boolean

/** Repeats a request until the predicate returns true. The last response is compared. */
export const until = (step: HttpStep, holds: Predicate, timeoutMs = 20_000): HttpStep => ({
  ...step,
  until: holds,
  timeoutMs,
})
/** Repeats a request while the predicate returns true, for a temporary error. */
export const retryWhile = (step: HttpStep, holds: Predicate, timeoutMs = 20_000): HttpStep =>
  until(step, (body, status) => !holds(body, status), timeoutMs)
export const write = (file: string, text: string): Step => ({ kind: 'write', file, text })
export const append = (file: string, text: string): Step => ({ kind: 'append', file, text })
/** Waits until a file has a number of lines. */
export const fileHas = (file: string, lines: number, options: Partial<FileStep> = {}): FileStep => ({
  kind: 'file',
  file,
  lines,
  timeoutMs: 20_000,
  ...options,
})
export const sleep = (ms: number): Step => ({ kind: 'sleep', ms })

const STATE_TIMEOUT_MS = 25_000

/** Waits until a connector and a number of tasks have a state. */
export const state = (
  name: string,
  wanted: string,
  tasks?: number,
  ofTasks = wanted,
  timeoutMs = STATE_TIMEOUT_MS,
): HttpStep =>
  until(
    GET(`/connectors/${enc(name)}/status`),
    (body: Body, status) =>
      status === 200 &&
      body.connector.state === wanted &&
      (tasks === undefined ||
        (body.tasks.length === tasks && body.tasks.every((task: Body) => task.state === ofTasks))),
    timeoutMs,
  )
export const running = (name: string, tasks = 1): HttpStep => state(name, 'RUNNING', tasks)
export const paused = (name: string, tasks = 1): HttpStep => state(name, 'PAUSED', tasks)
export const stopped = (name: string): HttpStep => state(name, 'STOPPED', 0)
export const gone = (name: string): HttpStep =>
  until(GET(`/connectors/${enc(name)}/status`), (_body, status) => status === 404)
/** Waits for a number of offsets other than null, because Java may return outdated offsets right after a change. */
export const offsetsAre = (name: string, count: number): HttpStep =>
  until(
    GET(`/connectors/${enc(name)}/offsets`, { mask: [{ path: 'offsets', op: 'sort', by: 'partition' }] }),
    (body: Body, status) =>
      status === 200 &&
      body.offsets.length === count &&
      body.offsets.every((entry: Body) => entry.offset !== null),
  )
/** Whether a response reports that tasks of a stopped sink have not left their group yet. */
export const notStopped = (body: Body, status: number): boolean =>
  status === 500 && /haven't stopped completely/.test(body?.message ?? '')

export const SRC = 'org.apache.kafka.connect.file.FileStreamSourceConnector'
export const SINK = 'org.apache.kafka.connect.file.FileStreamSinkConnector'
export const STR = 'org.apache.kafka.connect.storage.StringConverter'
export const JSONC = 'org.apache.kafka.connect.json.JsonConverter'
export const T = 'org.apache.kafka.connect.transforms.'

export type Config = Readonly<Record<string, string | null>>

const connector = (className: string, extra: Config): Config => ({
  'connector.class': className,
  'tasks.max': '1',
  'key.converter': STR,
  'value.converter': STR,
  ...extra,
})
export const src = (file: string, topic: string, extra: Config = {}): Config =>
  connector(SRC, { file, topic, ...extra })
export const sink = (file: string, topics: string, extra: Config = {}): Config =>
  connector(SINK, { file, topics, ...extra })
