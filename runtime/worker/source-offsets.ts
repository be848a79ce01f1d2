import { type Props } from '../../api/index.ts'
import { parseJson, printJson } from '../../java/index.ts'
import { exactlyOnceMode } from '../../config/index.ts'
import type { OffsetReader, OffsetWriter, PartitionOffsetEntry } from '../stores/index.ts'
import type { Remote } from './channel.ts'
import type { InspectorMethods } from './protocol.ts'

/** Reads and writes offsets of sources for the REST API. */
export interface SourceOffsetAccess {
  sourceOffsets(name: string, props: Props): Promise<PartitionOffsetEntry[]>
  writeSourceOffsets(name: string, props: Props, offsets: readonly PartitionOffsetEntry[]): Promise<void>
}

/**
 * Delegates to a task process when a source has its own offsets topic, or may have one because of exactly-once support:
 * access to it requires settings of the connector, whose variables are resolved there. A standalone worker has no such
 * topics.
 *
 * Source: Worker.sourceConnectorOffsets and modifySourceConnectorOffsets.
 */
export function sourceOffsetAccess(
  worker: Props,
  store: OffsetReader & OffsetWriter,
  inspect: <T>(ask: (remote: Remote<InspectorMethods>) => Promise<T>) => Promise<T>,
): SourceOffsetAccess {
  const mayHaveOwnTopic = (props: Props) =>
    exactlyOnceMode(worker) === 'enabled' ||
    (worker['group.id'] !== undefined && (props['offsets.storage.topic']?.trim() ?? '') !== '')
  return {
    sourceOffsets: async (name, props) => {
      if (!mayHaveOwnTopic(props)) return store.all(name)
      const text = await inspect((remote) => remote.sourceOffsets(name, props))
      return parseJson(text) as PartitionOffsetEntry[]
    },
    writeSourceOffsets: async (name, props, offsets) => {
      if (!mayHaveOwnTopic(props)) return store.set(name, offsets)
      return inspect((remote) => remote.writeSourceOffsets(name, props, printJson(offsets)))
    },
  }
}
