import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { waitFor, type Database } from '../../services/index.ts'
import type { ConnectorOfRun } from './connector-of-run.ts'
import { maskOffset } from './masks.ts'
import { isObject, parseRaw, type Json, type JsonObject } from './raw-json.ts'
import type { RunResult } from './recording.ts'
import { substitute, type Names, type Overrides, type Scenario, type Step } from './scenario.ts'
import type { RunTopics } from './topics.ts'

const QUIET_MS = 2000
const SETTLE_TIMEOUT_MS = 60_000
const OFFSET_PAUSE_MS = 1300
const OFFSET_READS = 8
const UNSTABLE_FIELDS = /^(?:txId|ts_usec|messageType|lsn_commit|lsn_proc|incremental.*)$/

/** The parts of a run. */
export interface RunParts {
  readonly scenario: Scenario
  readonly names: Names
  readonly database: Database
  readonly connector: ConnectorOfRun
  readonly topics: RunTopics
  /** Number of records that the connector has to write. */
  readonly expected: number
}

/** Runs a scenario: SQL, and requests to a worker. */
export class ScenarioRun {
  readonly #parts: RunParts
  readonly #background: Promise<void>[] = []
  #createError: unknown
  /** The connection that runs the SQL of the scenario, so that settings of a session last. */
  #client: Client | undefined

  constructor(parts: RunParts) {
    this.#parts = parts
  }

  async run(): Promise<RunResult> {
    const { scenario } = this.#parts
    try {
      await this.#sql(scenario.setup ?? [])
      if (scenario.validate !== undefined) return { validate: await this.#validate(), topics: new Map() }
      await this.#runSteps()
      return await this.#result()
    } finally {
      await Promise.allSettled(this.#background)
      await this.#client?.end()
    }
  }

  async #runSteps(): Promise<void> {
    const { scenario, connector } = this.#parts
    await this.#create(scenario.config)
    if (this.#createError === undefined && scenario.wait !== false) await connector.untilStreaming()
    for (const step of scenario.steps ?? []) await this.#step(step)
    await Promise.all(this.#background)
  }

  async #result(): Promise<RunResult> {
    const { scenario, topics, expected } = this.#parts
    const createError = this.#createError
    if (scenario.fixedSettle !== undefined) await sleep(scenario.fixedSettle)
    else if (createError === undefined) await this.#settle({ atLeast: expected })
    const offsets = createError === undefined ? await this.#offsets() : undefined
    const status = await this.#status()
    return { status, offsets, probe: await this.#probe(), createError, topics: await topics.readAll() }
  }

  async #step(step: Step): Promise<void> {
    const { connector, topics, names } = this.#parts
    if (step.sql !== undefined) await this.#sql(step.sql)
    else if (step.loop !== undefined) await this.#loop(step.loop)
    else if (step.sleep !== undefined) await sleep(step.sleep)
    else if (step.waitStreaming) await connector.untilStreaming()
    else if (step.settle !== undefined) await this.#settle(step.settle === true ? {} : step.settle)
    else if (step.joinBackground) await Promise.all(this.#background)
    else if (step.killSender) await connector.killSender()
    else if (step.dropSlot) await connector.dropSlot()
    else if (step.reconnect) await this.#reconnect()
    else if (step.produce !== undefined) {
      const { topic, messages } = substitute(step.produce, names)
      await topics.write(topic, messages)
    } else if (step.connector !== undefined) await this.#control(step.connector, step.config)
    else throw new Error(`unknown step ${JSON.stringify(step)}`)
  }

  async #control(action: NonNullable<Step['connector']>, config: Overrides | undefined): Promise<void> {
    const { connector, scenario } = this.#parts
    if (action === 'create') await this.#create({ ...scenario.config, ...config })
    else if (action === 'restart') await connector.restart()
    else if (action === 'delete') await connector.request('DELETE')
    else await connector.request('PUT', `/${action}`)
    if (action === 'delete' || action === 'stop') await connector.untilSlotFree()
  }

  /** One query at a time, each a transaction of its own unless it begins one. */
  async #sql(sql: string | readonly string[], names: Names = this.#parts.names): Promise<void> {
    const client = (this.#client ??= await this.#parts.database.connect())
    for (const text of [sql].flat()) await client.query(substitute(text, names))
  }

  async #reconnect(): Promise<void> {
    await this.#client?.end()
    this.#client = undefined
  }

  async #loop({ times, sql, delayMs = 0, background }: NonNullable<Step['loop']>): Promise<void> {
    const write = async () => {
      for (let round = 0; round < times; round++) {
        await this.#sql(sql, { ...this.#parts.names, i: String(round) })
        await sleep(delayMs)
      }
    }
    if (background === true) this.#background.push(write())
    else await write()
  }

  #config(overrides: Overrides = {}): Record<string, string> {
    const { names, database } = this.#parts
    const converter = 'org.apache.kafka.connect.json.JsonConverter'
    const config: Overrides = {
      'connector.class': 'io.debezium.connector.postgresql.PostgresConnector',
      'tasks.max': '1',
      ...database.props,
      'topic.prefix': '${prefix}',
      'plugin.name': 'pgoutput',
      'slot.name': '${slot}',
      'poll.interval.ms': '100',
      'key.converter': converter,
      'key.converter.schemas.enable': 'true',
      'value.converter': converter,
      'value.converter.schemas.enable': 'true',
      ...overrides,
    }
    const kept = Object.entries(config).filter((entry): entry is [string, string] => entry[1] !== null)
    return substitute(Object.fromEntries(kept), names)
  }

  async #create(overrides: Overrides | undefined): Promise<void> {
    const { status, text } = await this.#parts.connector.request('PUT', '/config', this.#config(overrides))
    if (status >= 300) this.#createError = { status, ...(JSON.parse(text) as object) }
  }

  async #validate(): Promise<unknown[]> {
    const answers = []
    for (const { config } of this.#parts.scenario.validate ?? []) {
      const { status, text } = await this.#parts.connector.requestAt(
        'PUT',
        '/connector-plugins/PostgresConnector/config/validate',
        { name: this.#parts.names['name'], ...this.#config(config) },
      )
      const body = JSON.parse(text) as Validation
      const errors = (body.configs ?? [])
        .filter(({ value }) => (value?.errors?.length ?? 0) > 0)
        .map(({ value }) => ({ name: value?.name, errors: value?.errors }))
      answers.push({ config, http: status, error_count: body.error_count, message: body.message, errors })
    }
    return answers
  }

  /** Waits until there are enough records and no more arrive. */
  async #settle({
    quiet,
    atLeast = 0,
  }: {
    readonly quiet?: number
    readonly atLeast?: number
  }): Promise<void> {
    const quietMs = quiet ?? this.#parts.scenario.quiet ?? QUIET_MS
    let count = -1
    let since = performance.now()
    const deadline = since + SETTLE_TIMEOUT_MS
    const settled = async () => {
      const found = await this.#parts.topics.total()
      const now = performance.now()
      if (found !== count) since = now
      count = found
      // Too few records are a difference to show, not an error
      return now - since >= quietMs && (count >= atLeast || now > deadline) ? true : undefined
    }
    await waitFor(settled, { timeoutMs: 2 * SETTLE_TIMEOUT_MS, what: () => `no more than ${count} records` })
  }

  /** Reads the stored offsets until they no longer change. */
  async #offsets(): Promise<Json[] | undefined> {
    const { connector, scenario } = this.#parts
    let before: string | undefined
    for (let read = 0; read < OFFSET_READS; read++) {
      const { text } = await connector.request('GET', '/offsets')
      const stable = text === before || scenario.heartbeatOffsets === true
      before = text
      if (stable) break
      await sleep(OFFSET_PAUSE_MS)
    }
    const body = parseRaw(before ?? '{}')
    const offsets = isObject(body) && Array.isArray(body['offsets']) ? (body['offsets'] as JsonObject[]) : []
    return offsets.map(({ partition = null, offset = null }) => ({
      partition,
      offset: this.#shownOffset(offset),
    }))
  }

  #shownOffset(offset: Json): Json {
    if (this.#parts.scenario.dropOffsets !== true || !isObject(offset)) return maskOffset(offset)
    return Object.keys(offset).filter((field) => !UNSTABLE_FIELDS.test(field))
  }

  async #status(): Promise<unknown> {
    const status = await this.#parts.connector.status()
    if (status === undefined) return null
    const tasks = status.tasks.map(({ state, trace }) =>
      trace === undefined ? { state } : { state, trace: errorsIn(trace) },
    )
    return { connector: status.connector.state, tasks }
  }

  async #probe(): Promise<unknown> {
    const { scenario, names } = this.#parts
    if (scenario.probe === undefined) return undefined
    const results = []
    for (const sql of scenario.probe) {
      const result = await this.#client?.query({ text: substitute(sql, names), rowMode: 'array' })
      results.push(result?.rows)
    }
    return results
  }
}

interface Validation {
  readonly error_count?: number
  readonly message?: string
  readonly configs?: readonly {
    readonly value: { readonly name: string; readonly errors?: readonly string[] } | null
  }[]
}

/** The lines of a trace without its frames. */
function errorsIn(trace: string): string[] {
  return trace
    .split('\n')
    .filter((line) => !/^\s+(?:at |\.\.\.)/.test(line))
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
