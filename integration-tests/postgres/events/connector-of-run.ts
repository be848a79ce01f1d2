import { setTimeout as sleep } from 'node:timers/promises'
import type { ConnectorStatus, Database } from '../../services/index.ts'
import { waitFor } from '../../services/index.ts'

const REBALANCE_TIMEOUT_MS = 30_000
const STREAMING_TIMEOUT_MS = 60_000
const INACTIVE_TIMEOUT_MS = 15_000
/** How long a stream must last to count: a connector that fails at once has also begun one. */
const STEADY_MS = 400

/** A response of the REST API as text, because offsets contain numbers that JavaScript would round. */
export interface TextAnswer {
  readonly status: number
  readonly text: string
}

/** The connector of one run of a scenario, with its replication slot. */
export class ConnectorOfRun {
  readonly #url: string
  readonly #path: string
  readonly #slot: string
  readonly #database: Database

  constructor(url: string, name: string, slot: string, database: Database) {
    this.#url = url
    this.#path = `/connectors/${name}`
    this.#slot = slot
    this.#database = database
  }

  /** Sends a request for the connector, and repeats it while the workers are rebalancing. */
  request(method: string, suffix = '', body?: unknown): Promise<TextAnswer> {
    return this.requestAt(method, this.#path + suffix, body)
  }

  requestAt(method: string, path: string, body?: unknown): Promise<TextAnswer> {
    const content = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    return waitFor(
      async () => {
        const response = await fetch(this.#url + path, { method, ...(body === undefined ? {} : content) })
        const text = await response.text()
        const rebalancing = response.status === 409 && !text.includes('already exists')
        return rebalancing ? undefined : { status: response.status, text }
      },
      { timeoutMs: REBALANCE_TIMEOUT_MS, what: `${method} ${path} to be accepted` },
    )
  }

  async status(): Promise<ConnectorStatus | undefined> {
    const { status, text } = await this.request('GET', '/status')
    return status === 200 ? (JSON.parse(text) as ConnectorStatus) : undefined
  }

  /** Waits until the connector streams from its slot, or its task has failed. */
  async untilStreaming(): Promise<void> {
    await waitFor(
      async () => {
        if (await this.#isStreaming()) {
          await sleep(STEADY_MS)
          if (await this.#isStreaming()) return true
        }
        return (await this.status())?.tasks[0]?.state === 'FAILED' ? true : undefined
      },
      { timeoutMs: STREAMING_TIMEOUT_MS, what: `a stream from ${this.#slot}` },
    )
  }

  /** The process of the server that holds the slot. */
  async slotHolder(): Promise<number | undefined> {
    const sql = 'SELECT active_pid FROM pg_replication_slots WHERE slot_name = $1'
    const [row] = await this.#database.query<{ active_pid: number | null }>(sql, [this.#slot])
    return row?.active_pid ?? undefined
  }

  async untilSlotFree(): Promise<void> {
    const free = async () => ((await this.slotHolder()) === undefined ? true : undefined)
    await waitFor(free, { timeoutMs: INACTIVE_TIMEOUT_MS, what: `${this.#slot} to be free` })
  }

  /** Restarts the task, and waits until its new stream replaces the old one, if it had one. */
  async restart(): Promise<void> {
    const before = await this.slotHolder()
    await this.request('POST', '/restart?includeTasks=true&onlyFailed=false')
    if (before === undefined) return
    const replaced = async () => ((await this.slotHolder()) === before ? undefined : true)
    await waitFor(replaced, { timeoutMs: INACTIVE_TIMEOUT_MS, what: `another holder of ${this.#slot}` })
  }

  async killSender(): Promise<void> {
    const pid = await this.slotHolder()
    if (pid !== undefined) await this.#database.query('SELECT pg_terminate_backend($1)', [pid])
  }

  async dropSlot(): Promise<void> {
    await this.untilSlotFree()
    await this.#database.query('SELECT pg_drop_replication_slot($1)', [this.#slot])
  }

  /** A slot is also held while it is created, which waits for open transactions. */
  async #isStreaming(): Promise<boolean> {
    const rows = await this.#database.query(
      `SELECT 1 FROM pg_replication_slots s JOIN pg_stat_activity a ON a.pid = s.active_pid
       WHERE s.slot_name = $1 AND a.query ILIKE 'START_REPLICATION%'`,
      [this.#slot],
    )
    return rows.length > 0
  }
}
