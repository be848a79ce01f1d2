import { sinkRecord } from '../../../../testing/index.ts'
import type { Operation } from '../../ports.ts'
import type { BulkSettings } from '../settings.ts'

let offset = 0

/** Returns an operation whose document is a JSON string or number. */
export function operation(
  id: string | null,
  document: string | number,
  init: Partial<Pick<Operation, 'kind' | 'target' | 'version' | 'record'>> = {},
): Operation {
  const { kind = 'index', target = 'orders', version = null } = init
  const record = init.record ?? sinkRecord({ topic: 'orders', partition: 0, offset: offset++ })
  const action = {
    [kind]: { _index: target, _id: id ?? undefined, version: version === null ? undefined : Number(version) },
  }
  const source = kind === 'delete' ? '' : `${JSON.stringify(document)}\n`
  const lines = `${JSON.stringify(action)}\n${source}`
  return { kind, target, id, version, lines, bytes: Buffer.byteLength(lines), record }
}

/** Settings with which nothing is sent before a flush. */
export function bulkSettings(init: Partial<BulkSettings> = {}): BulkSettings {
  return {
    batchSize: 1000,
    bulkSizeBytes: 5_000_000,
    lingerMs: 1e9,
    maxInFlightRequests: 5,
    maxBufferedRecords: 20_000,
    maxRetries: 5,
    retryBackoffMs: 100,
    ...init,
  }
}

/** A signal that is never aborted. */
export const signal: AbortSignal = new AbortController().signal
