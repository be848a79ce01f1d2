import { loadTables } from '../catalog/tables.ts'
import { tableText } from '../config/table-name.ts'
import type { EventContext } from '../events/context.ts'
import { changeRecords } from '../events/records.ts'
import { messageOf } from '../../../api/index.ts'
import type { Query, TableName } from '../ports.ts'
import { chunkSource } from '../signals/chunk-source.ts'
import type { BlockingRequest, SignalServices } from '../signals/ports.ts'
import { signalSettings } from '../signals/settings.ts'
import { Signals } from '../signals/signals.ts'
import { streamedBefore } from '../snapshot/offsets.ts'
import type { Notify } from './notify.ts'
import type { Preparation } from './preparation.ts'
import type { SessionScope } from './scope.ts'
import { runSnapshot } from './snapshot-phase.ts'

/** Returns what receives signals during a stream; undefined if no channel is open. */
export function openSignals(
  scope: SessionScope,
  context: EventContext,
  { tables }: Preparation,
  query: Query,
  notify: Notify,
): Signals | undefined {
  const { config, rules, kafka, log } = scope.parts
  const channels = config['signal.enabled.channels']
  const { signalTable } = rules
  if (signalTable === undefined && !channels.includes('kafka') && !channels.includes('file')) return undefined
  const services = signalServices(scope, context, tables, query, notify)
  return new Signals(signalSettings(config, signalTable), services, kafka, log)
}

function signalServices(
  scope: SessionScope,
  context: EventContext,
  tables: readonly TableName[],
  query: Query,
  notify: Notify,
): SignalServices {
  const { rules, passed, log } = scope.parts
  const records = changeRecords(context)
  const wake = () =>
    void setImmediate(() => void passed.phase?.changes.wake()?.catch((error: unknown) => scope.fail(error)))
  return {
    connect: (signal) => scope.connectOwn(AbortSignal.any([signal, scope.signal])),
    capturedTables: () => tables,
    async chunkSource(name) {
      const [table] = rules.capturesTable(name) ? await loadTables(query, { names: [name] }) : []
      return table === undefined ? undefined : chunkSource(table, context, records)
    },
    blockingSnapshot(request) {
      passed.phase?.changes.between(async () => {
        try {
          await takeBlockingSnapshot(scope, context, query, notify, request)
        } catch (error) {
          if (scope.signal.aborted) return
          log.error('the blocking snapshot failed; streaming continues', {
            id: request.id,
            reason: messageOf(error),
            err: error,
          })
        }
      })
    },
    wakeStream: wake,
    notify(notification) {
      notify(notification)
      wake()
    },
    currentOffset: () => passed.offset,
  }
}

async function takeBlockingSnapshot(
  scope: SessionScope,
  context: EventContext,
  query: Query,
  notify: Notify,
  request: BlockingRequest,
): Promise<void> {
  const { passed, log } = scope.parts
  await passed.phase?.output.flush()
  const tables = await loadTables(query, { names: request.tables })
  log.info('taking a blocking snapshot; streaming is paused', {
    id: request.id,
    tables: tables.map(tableText),
  })
  await runSnapshot(scope, context, notify, {
    kind: 'BLOCKING',
    tables,
    exported: undefined,
    repeats: false,
    streamsFrom: undefined,
    before: streamedBefore(passed.position, passed.offset),
    request,
  })
  log.info('the blocking snapshot is complete; streaming continues', { id: request.id })
}
