import { ConnectError, messageOf, type Logger, type SourceRecord } from '../../../api/index.ts'
import { waited } from '../../shared/waited.ts'
import type { ReselectSettings } from '../config/reselect.ts'
import { sqlStateOf } from '../connection/failures.ts'
import type { Database, Row } from '../ports.ts'
import type { Change, TableWriter } from '../streaming/ports.ts'
import type { VisibleTransactions } from '../signals/incremental/visibility.ts'
import { ReselectBatch, type After } from './batch.ts'
import { reselectPlans, type PlanParts, type ReselectPlan } from './plan.ts'
import { untilVisible } from './visible.ts'

export interface ReselectionParts {
  readonly settings: readonly ReselectSettings[]
  /** Opens a connection for the queries. The session closes it. */
  connect(): Promise<Database>
  readonly signal: AbortSignal
  readonly log: Logger
  /** Milliseconds, for limiting how often a failure is logged. */
  readonly now?: () => number
}

const MOST_FREQUENT_WARNING_MS = 60_000

/** The events since the last `complete` that lack values. */
interface Pending {
  readonly batches: Map<ReselectPlan, ReselectBatch>
  readonly txIds: Set<number>
}

const nothing = (): Pending => ({ batches: new Map(), txIds: new Set() })

/**
 * Reads values again that the stream has not sent: unchanged TOASTed ones, and nulls. One query for each table serves all
 * events that were made since the last one. A value is the newest one, which can be newer than the event.
 *
 * A lost connection is no failure of the post processor: the session ends, and the next one makes the events again.
 *
 * Source: ReselectColumnsPostProcessor.
 */
export class Reselection {
  readonly #parts: ReselectionParts
  readonly #warnedAt = new Map<string, number>()
  #pending = nothing()
  #visible: VisibleTransactions | undefined
  #connection: Promise<Database> | undefined

  constructor(parts: ReselectionParts) {
    this.#parts = parts
  }

  /** Returns a writer that also notes which of its events lack values. */
  watch(writer: TableWriter, table: PlanParts): TableWriter {
    const plans = writer.isSignalTable ? [] : reselectPlans(this.#parts.settings, table)
    if (plans.length === 0) return writer
    return {
      ...writer,
      created: (row, change) => {
        const before = change.out.length
        writer.created(row, change)
        this.#note(plans, row, null, change, before)
      },
      updated: (old, row, change) => {
        const before = change.out.length
        writer.updated(old, row, change)
        this.#note(plans, row, old, change, before)
      },
    }
  }

  /**
   * Reads what the events so far lack, and sets it; undefined if they lack nothing. Resolves to the bytes that were read.
   * Rejects if a connection is lost, and with `reselect.error.handling.mode` fail if rows cannot be read.
   */
  complete(): Promise<number> | undefined {
    if (this.#pending.batches.size === 0) return undefined
    const pending = this.#pending
    this.#pending = nothing()
    return this.#complete(pending)
  }

  /** Only the last record of a change has a new row. */
  #note(
    plans: readonly ReselectPlan[],
    row: Row,
    old: Row | null,
    { out, origin }: Change,
    before: number,
  ): void {
    const after = out.length === before ? undefined : afterOf(out.at(-1))
    if (after === undefined) return
    const { batches, txIds } = this.#pending
    for (const plan of plans) {
      const batch = batches.get(plan) ?? new ReselectBatch(plan)
      if (!batch.add(after, row, old)) continue
      batches.set(plan, batch)
      if (origin.txId !== null) txIds.add(origin.txId)
    }
  }

  async #complete({ batches, txIds }: Pending): Promise<number> {
    let bytes = 0
    for (const batch of batches.values()) bytes += await this.#completeTable(batch, txIds)
    return bytes
  }

  async #completeTable(batch: ReselectBatch, txIds: ReadonlySet<number>): Promise<number> {
    let bytes = 0
    try {
      if (batch.hasRows) bytes = await this.#read(batch, txIds)
    } catch (error) {
      if (this.#parts.signal.aborted || !isRefused(error)) throw error
      this.#failed(batch, error)
      return 0
    }
    if (batch.missing > 0) this.#notFound(batch)
    return bytes
  }

  async #read(batch: ReselectBatch, txIds: ReadonlySet<number>): Promise<number> {
    const { signal, log } = this.#parts
    const { sql, cells, consumer } = batch.query()
    const database = await this.#connected()
    this.#visible = await untilVisible([...txIds], this.#visible, {
      query: database.query,
      wait: (ms) => waited(ms, signal),
      signal,
      slow: () => log.warn('waiting for committed transactions to become visible, to read columns again'),
    })
    await database.copyOut(sql, cells, consumer, signal)
    return consumer.bytes
  }

  /** A connection that has ended while nothing was to be read is opened again. */
  #connected(): Promise<Database> {
    if (this.#connection !== undefined) return this.#connection
    const connection = this.#parts.connect()
    this.#connection = connection
    const forget = () => {
      if (this.#connection === connection) this.#connection = undefined
    }
    connection.then(({ ended }) => void ended.then(forget), forget)
    return connection
  }

  #notFound(batch: ReselectBatch): void {
    const { name, onError } = batch.plan
    const { missing } = batch
    if (onError === 'fail') {
      throw new ConnectError(
        'HR_CONNECT',
        `Cannot read columns of ${name} again: ${missing} of ${batch.size} rows were not found by their keys. ` +
          'They were deleted, or their keys have changed. ' +
          'To keep the placeholders in such events, set reselect.error.handling.mode to warn.',
      )
    }
    this.#warn(name, 'rows to read again were not found; their events keep placeholders and nulls', {
      rows: missing,
    })
  }

  #failed({ plan: { name, onError } }: ReselectBatch, error: unknown): void {
    if (onError === 'fail') {
      throw new ConnectError(
        'HR_CONNECT',
        `Cannot read columns of ${name} again: ${messageOf(error)} ` +
          'To keep the placeholders in such events, set reselect.error.handling.mode to warn.',
        { cause: error },
      )
    }
    this.#warn(name, 'columns cannot be read again; the events keep placeholders and nulls', {
      reason: messageOf(error),
    })
  }

  #warn(table: string, message: string, fields: Readonly<Record<string, unknown>>): void {
    const { log, now = Date.now } = this.#parts
    const id = `${table} ${message}`
    const last = this.#warnedAt.get(id) ?? Number.NEGATIVE_INFINITY
    if (now() - last < MOST_FREQUENT_WARNING_MS) return
    this.#warnedAt.set(id, now())
    log.warn(message, { table, ...fields })
  }
}

/** Connections that were lost, shutdowns of the server, and values that must not be skipped are no refusals. */
function isRefused(error: unknown): boolean {
  const state = sqlStateOf(error)
  return state !== undefined && !/^(?:08|57P)/.test(state)
}

function afterOf(record: SourceRecord | undefined): After | undefined {
  const value = record?.value as { readonly after?: After | null } | null | undefined
  return value?.after ?? undefined
}
