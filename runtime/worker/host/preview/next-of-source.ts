import type { Props, SourceConnector, SourceRecord, TaskProps } from '../../../../api/index.ts'
import { parseConfig } from '../../../../config/index.ts'
import type { OffsetStore } from '../../../stores/index.ts'
import { receivedError } from '../../channel.ts'
import { ConnectorInstance } from '../connector-instance.ts'
import { resolved, type HostEnvironment } from '../environment.ts'
import { withSourceOffsets } from '../setup/source-offsets.ts'

/** A preview belongs to no instance of the worker. */
const NOBODY = 0

/**
 * The next records of a source, from its stored offsets on: its connector and first task run for real, but are told of
 * no delivery and no commit, and nothing is stored.
 */
export async function nextOfSource(
  environment: HostEnvironment,
  plugin: SourceConnector,
  name: string,
  props: Props,
  count: number,
  signal: AbortSignal,
): Promise<SourceRecord[]> {
  const connector = new ConnectorInstance(name, NOBODY, environment)
  const { failure } = await connector.start({ name, owner: NOBODY, props })
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
      pollSome(environment, offsets, plugin, name, taskProps, count, signal),
    )
  } finally {
    await connector.stop()
  }
}

async function pollSome(
  { loggers }: HostEnvironment,
  offsets: OffsetStore,
  plugin: SourceConnector,
  name: string,
  props: TaskProps,
  count: number,
  signal: AbortSignal,
): Promise<SourceRecord[]> {
  const task = await plugin.openTask(parseConfig(plugin.config, props), {
    connector: name,
    task: 0,
    props,
    log: loggers.logger(plugin.name, { connector: name, task: 0 }),
    lastOffset: async (partition) => (await offsets.get(name, [partition]))[0],
    lastOffsets: (partitions) => offsets.get(name, partitions),
  })
  const records: SourceRecord[] = []
  try {
    while (records.length < count && !signal.aborted) {
      const polled = await task.poll(signal)
      if (polled.length === 0 && records.length > 0) break
      records.push(...polled.slice(0, count - records.length))
    }
  } finally {
    await task.close?.()
  }
  return records
}
