import { ConnectError, type SourceRecord, type TransactionContext } from '../../../../api/index.ts'

/** The end of a transaction. */
export type TransactionEnd = 'commit' | 'abort'

/** Consecutive records of a batch, and the end of the transaction that the task requested after the last of them. */
export interface BatchPart {
  readonly records: readonly SourceRecord[]
  readonly end: TransactionEnd | undefined
}

/** Collects the requests of a task that defines its transactions. Source: WorkerTransactionContext (KIP-618). */
export class TransactionRequests implements TransactionContext {
  readonly #records = new Map<SourceRecord, TransactionEnd>()
  #batch: TransactionEnd | undefined

  commit(record?: SourceRecord): void {
    this.#request('commit', record)
  }

  abort(record?: SourceRecord): void {
    this.#request('abort', record)
  }

  /** Takes the request for the end of the current batch. */
  takeBatch(): TransactionEnd | undefined {
    const end = this.#batch
    this.#batch = undefined
    return end
  }

  /** Divides a batch after the records with a request, and forgets these requests. */
  divide(records: readonly SourceRecord[]): BatchPart[] {
    if (this.#records.size === 0) return [{ records, end: undefined }]
    const parts: BatchPart[] = []
    let first = 0
    for (const [index, record] of records.entries()) {
      const end = this.#records.get(record)
      if (end === undefined) continue
      this.#records.delete(record)
      parts.push({ records: records.slice(first, index + 1), end })
      first = index + 1
    }
    if (first < records.length) parts.push({ records: records.slice(first), end: undefined })
    return parts
  }

  #request(end: TransactionEnd, record: SourceRecord | undefined): void {
    const before = record === undefined ? this.#batch : this.#records.get(record)
    if (before !== undefined && before !== end) {
      const message =
        record === undefined
          ? 'The connector requested both commit and abort of the same batch'
          : `The connector requested both commit and abort of the same record for partition ${record.partition} of topic ${record.topic}`
      throw new ConnectError('HR_ILLEGAL_STATE', message)
    }
    if (record === undefined) this.#batch = end
    else this.#records.set(record, end)
  }
}
