import { setImmediate as turn } from 'node:timers/promises'
import type { TestContext } from 'node:test'
import type { LogFields, TaskRetry } from '../../../../api/index.ts'
import { sinkTaskContext } from '../../../../testing/index.ts'
import type { Operation, Outcome, Settled } from '../../ports.ts'
import type { BulkSettings } from '../settings.ts'
import { openBulkWriter } from '../writer.ts'
import { FakeServer } from './fake-server.ts'
import { ManualClock } from './manual-clock.ts'
import { bulkSettings } from './operations.ts'

/** Opens a writer for a test, which closes it at its end. */
export function openedWriter(t: TestContext, init: Partial<BulkSettings> = {}, onSettled?: Settled) {
  const server = new FakeServer()
  const clock = new ManualClock()
  const settled: { readonly operation: Operation; readonly outcome: Outcome }[] = []
  const failures: unknown[] = []
  const lines: { readonly level: string; readonly message: string; readonly fields?: LogFields }[] = []
  const log = (level: string) => (message: string, fields?: LogFields) =>
    void lines.push({ level, message, ...(fields === undefined ? {} : { fields }) })
  const { context, worker } = sinkTaskContext({
    log: { error: log('error'), warn: log('warn'), info: log('info'), debug: () => {}, trace: () => {} },
  })
  const writer = openBulkWriter({
    server,
    settings: bulkSettings(init),
    context,
    clock,
    random: () => 0,
    failed: (error) => void failures.push(error),
    settled: (operation, outcome) => {
      settled.push({ operation, outcome })
      return onSettled?.(operation, outcome)
    },
  })
  t.after(() => writer.close())
  /** Adds operations. Resolves when requests have started. */
  const add = async (operations: readonly Operation[]) => {
    writer.add(operations)
    await turn()
  }
  const retries: readonly (TaskRetry | null)[] = worker.retries
  return { writer, add, server, clock, settled, failures, lines, retries, metrics: worker.metrics }
}
