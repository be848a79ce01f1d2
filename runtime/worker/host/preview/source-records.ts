import {
  ConnectError,
  type LogFields,
  type Logger,
  type Props,
  type SourceConnector,
  type SourceRecord,
  type SourceTask,
  type SourceTaskContext,
  type TaskProps,
} from '../../../../api/index.ts'
import { parseConfig } from '../../../../config/index.ts'
import { Outages } from '../../../kafka/index.ts'
import type { OffsetReader, TaskId } from '../../../stores/index.ts'
import { newTaskMetrics, Retries, taskContext, TaskControl, TaskPluginMetrics } from '../../../task/index.ts'
import { onAbort, unlimitedLease } from '../../../timing/index.ts'
import { receivedError } from '../../channel.ts'
import { ConnectorInstance } from '../connector-instance.ts'
import { resolved, type HostEnvironment } from '../environment.ts'
import { readOnly, TaskKafkaClients } from '../setup/task-kafka.ts'
import { withSourceOffsets } from '../setup/source-offsets.ts'

/** A preview belongs to no instance of the worker. */
const NOBODY = 0

/**
 * Reads the next records of a source, starting at its stored offsets. Runs its connector and first task, but
 * calls neither the delivery nor the commit hook and stores nothing.
 *
 * Throws `HR_BAD_REQUEST` with the warnings of the task when it returns no records.
 */
export async function nextSourceRecords(
  environment: HostEnvironment,
  plugin: SourceConnector,
  name: string,
  props: Props,
  count: number,
  signal: AbortSignal,
): Promise<SourceRecord[]> {
  const connector = new ConnectorInstance({ name, owner: NOBODY, run: 0 }, environment)
  const { failure } = await connector.start(props)
  if (failure !== undefined) throw receivedError(failure)
  try {
    const [taskProps] = await connector.taskConfigs()
    if (taskProps === undefined) return []
    const { props: connectorProps } = await resolved(environment, props)
    const owner = {
      id: { connector: name, task: 0 },
      connectorProps,
      log: environment.loggers.logger(plugin.name),
    }
    return await withSourceOffsets(environment, owner, { create: false }, (offsets) =>
      pollSome(environment, offsets, plugin, owner, taskProps, count, signal),
    )
  } finally {
    await connector.stop()
  }
}

async function pollSome(
  { loggers, worker }: HostEnvironment,
  offsets: OffsetReader,
  plugin: SourceConnector,
  { id, connectorProps }: { readonly id: TaskId; readonly connectorProps: Props },
  props: TaskProps,
  count: number,
  signal: AbortSignal,
): Promise<SourceRecord[]> {
  const { log, warnings } = listening(loggers.logger(plugin.name, { ...id }))
  const control = new TaskControl(false)
  const forget = onAbort(signal, () => control.stopNow())
  if (signal.aborted) control.stopNow()
  const kafka = new TaskKafkaClients(worker, {
    id,
    connectorProps,
    control,
    lease: unlimitedLease(), // a preview writes nothing
    log,
    outages: new Outages(log, () => {}),
  })
  const metrics = newTaskMetrics()
  const context: SourceTaskContext = {
    ...taskContext({
      id,
      taskProps: props,
      log,
      control,
      metrics,
      retries: new Retries(metrics, log),
      pluginMetrics: new TaskPluginMetrics(),
      kafka: readOnly(kafka),
    }),
    exactlyOnce: false,
    transaction: null,
    lastOffset: async (partition) => (await offsets.get(id.connector, [partition]))[0],
    lastOffsets: (partitions) => offsets.get(id.connector, partitions),
  }
  const records: SourceRecord[] = []
  let task: SourceTask | undefined
  try {
    task = await plugin.openTask(parseConfig(plugin.config, props), context)
    while (records.length < count && !control.ending.aborted) {
      const polled = await task.poll(control.ending)
      if (polled.length === 0 && records.length > 0) break
      records.push(...polled.slice(0, count - records.length))
    }
    control.throwFailure()
  } finally {
    forget()
    control.stopSoftly()
    await task?.close?.()
    await kafka.close()
  }
  if (records.length > 0 || warnings.length === 0) return records
  throw new ConnectError('HR_BAD_REQUEST', `The source returned no records: ${warnings.join('; ')}`)
}

const MAX_WARNINGS = 3

/** A logger that also collects warnings: often only they explain why no records arrive. */
function listening(log: Logger): { readonly log: Logger; readonly warnings: readonly string[] } {
  const warnings: string[] = []
  const keep = (write: Logger['warn']) => (message: string, fields?: LogFields) => {
    if (warnings.length < MAX_WARNINGS) warnings.push(lineOf(message, fields))
    write(message, fields)
  }
  return { log: { ...log, warn: keep(log.warn), error: keep(log.error) }, warnings }
}

function lineOf(message: string, fields: LogFields = {}): string {
  const shown = Object.entries(fields).flatMap(([key, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value) ? [`${key} ${String(value)}`] : [],
  )
  return shown.length === 0 ? message : `${message} (${shown.join(', ')})`
}
