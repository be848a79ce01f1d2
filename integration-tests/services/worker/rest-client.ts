import type { MetricFields, recordMetrics } from '../../../runtime/telemetry/index.ts'
import { waitFor } from '../wait-for.ts'

/** A response of the REST API. */
export interface Answer<T = unknown> {
  readonly status: number
  readonly body: T
}

export interface ConnectorStatus {
  readonly name: string
  readonly connector: { readonly state: string; readonly worker_id: string; readonly trace?: string }
  readonly tasks: readonly {
    readonly id: number
    readonly state: string
    readonly worker_id: string
    readonly trace?: string
  }[]
}

export interface TaskProgress extends MetricFields<typeof recordMetrics> {
  readonly task: number
  readonly pid: number
  readonly blocked: { readonly since: number; readonly reason: string } | null
}

type Config = Readonly<Record<string, string>>

const REQUEST_TIMEOUT_MS = 90_000
const STATE_TIMEOUT_MS = 60_000

/** A REST client for tests of Headrace and Java workers. */
export class RestClient {
  readonly url: string

  constructor(url: string) {
    this.url = url.replace(/\/$/, '')
  }

  async request<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const response = await fetch(this.url + path, {
      method,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    const text = await response.text()
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T }
  }

  get<T>(path: string): Promise<Answer<T>> {
    return this.request('GET', path)
  }

  /** Creates a connector or replaces its settings. Throws if the worker rejects them. */
  async put(name: string, config: Config): Promise<void> {
    const answer = await this.#patiently('PUT', `/connectors/${encodeURIComponent(name)}/config`, config)
    if (answer.status !== 200 && answer.status !== 201) throw refused(`PUT of ${name}`, answer)
  }

  async delete(name: string): Promise<void> {
    const answer = await this.#patiently('DELETE', `/connectors/${encodeURIComponent(name)}`)
    if (answer.status !== 204) throw refused(`DELETE of ${name}`, answer)
  }

  /** Resolves to undefined while the connector has no status. */
  async status(name: string): Promise<ConnectorStatus | undefined> {
    const { status, body } = await this.get<ConnectorStatus>(`/connectors/${encodeURIComponent(name)}/status`)
    return status === 200 ? body : undefined
  }

  /** The progress of tasks by connector. Headrace workers only. */
  async progress(): Promise<Record<string, { readonly tasks: readonly TaskProgress[] }>> {
    return (await this.get<Record<string, { tasks: TaskProgress[] }>>('/headrace/connectors')).body
  }

  /** Waits until a connector and all its tasks, at least `tasks`, have a state. */
  async untilState(
    name: string,
    state: string,
    {
      tasks = 1,
      timeoutMs = STATE_TIMEOUT_MS,
    }: { readonly tasks?: number; readonly timeoutMs?: number } = {},
  ): Promise<ConnectorStatus> {
    let last: ConnectorStatus | undefined
    return waitFor(
      async () => {
        last = await this.status(name).catch(() => undefined)
        if (last === undefined || last.connector.state !== state || last.tasks.length < tasks)
          return undefined
        return last.tasks.every((task) => task.state === state) ? last : undefined
      },
      { timeoutMs, what: () => `${name} to be ${state}; it is ${JSON.stringify(last, null, 2)}` },
    )
  }

  /** Waits until a task has failed, and resolves to its trace. */
  async untilTaskFailed(name: string, task = 0, timeoutMs = STATE_TIMEOUT_MS): Promise<string> {
    let last: ConnectorStatus | undefined
    return waitFor(
      async () => {
        last = await this.status(name).catch(() => undefined)
        const found = last?.tasks.find(({ id }) => id === task)
        return found?.state === 'FAILED' ? (found.trace ?? '') : undefined
      },
      { timeoutMs, what: () => `task ${name}-${task} to fail; it is ${JSON.stringify(last, null, 2)}` },
    )
  }

  /** Retries while the cluster is rebalancing. */
  #patiently(method: string, path: string, body?: unknown): Promise<Answer> {
    return waitFor(
      async () => {
        const answer = await this.request(method, path, body)
        return answer.status === 409 && /rebalanc/i.test(JSON.stringify(answer.body)) ? undefined : answer
      },
      { timeoutMs: STATE_TIMEOUT_MS, what: `${method} ${path} to be accepted` },
    )
  }
}

function refused(what: string, { status, body }: Answer): Error {
  return new Error(`${what} returned ${status}: ${JSON.stringify(body)}`)
}
