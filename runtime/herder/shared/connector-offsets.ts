import { ConnectError, isConnectError, type Props, type SourcePartition } from '../../../api/index.ts'
import { printJson } from '../../../java/index.ts'
import type { PluginCatalog } from '../../plugins/index.ts'
import type { ConfigSnapshot, PartitionOffsetEntry } from '../../stores/index.ts'
import { Backoff, sleep } from '../../timing/index.ts'
import type { WorkerRuntime } from '../../worker/index.ts'
import type { ConnectorOffset } from '../herder.ts'
import { notFound } from './views.ts'

/** Covers a killed consumer whose session has to expire (`session.timeout.ms`, 45 s by default). */
const LEAVE_TIMEOUT_MS = 60_000
const FIRST_RETRY_MS = 100
const MAX_RETRY_MS = 1000

export interface ConnectorOffsetPorts {
  readonly runtime: Pick<
    WorkerRuntime,
    'sourceOffsets' | 'acceptSourceOffsets' | 'writeSourceOffsets' | 'sinkOffsets' | 'changeSinkOffsets'
  >
  readonly catalog: Pick<PluginCatalog, 'find'>
  snapshot(): ConfigSnapshot
  /** Ends the wait for consumers to leave. */
  readonly stopped: AbortSignal
}

/**
 * Reads and changes the offsets of connectors: sources in their offset store, sinks in their consumer group.
 *
 * Source: Worker.connectorOffsets and modifyConnectorOffsets (KIP-875).
 */
export class ConnectorOffsets {
  readonly #ports: ConnectorOffsetPorts

  constructor(ports: ConnectorOffsetPorts) {
    this.#ports = ports
  }

  /** Throws `HR_NOT_FOUND`, and `HR_CONNECT` when Kafka does not respond. */
  async read(name: string): Promise<ConnectorOffset[]> {
    const { runtime } = this.#ports
    const props = this.#props(name)
    if (this.#kindOf(props) === 'sink') {
      return (await runtime.sinkOffsets(name, props)).map(({ topic, partition, offset }) => ({
        partition: { kafka_topic: topic, kafka_partition: partition },
        offset: { kafka_offset: offset },
      }))
    }
    const entries = await runtime.sourceOffsets(name, props)
    return entries.flatMap(([partition, offset]) => (partition === null ? [] : [{ partition, offset }]))
  }

  /** Throws `HR_BAD_REQUEST` unless the connector is stopped, and `HR_NOT_FOUND`. */
  refuseUnlessStopped(name: string): void {
    const { targetStates, taskCounts } = this.#ports.snapshot()
    this.#props(name)
    if (targetStates.get(name) === 'STOPPED' && (taskCounts.get(name) ?? 0) === 0) return
    throw notStopped(name)
  }

  /**
   * Changes the offsets of a stopped connector; null resets all of them. Resolves to whether no step is left
   * to the user.
   *
   * The consumers of a sink that has just been stopped may still be members of its group; the call waits
   * until they leave.
   *
   * Throws `HR_BAD_REQUEST` when the connector is resumed meanwhile, `HR_GROUP_NOT_EMPTY` when its consumers
   * do not leave in time, and any error of the connector.
   *
   * Differs: Java fails immediately.
   */
  async change(name: string, wanted: readonly ConnectorOffset[] | null): Promise<boolean> {
    const { runtime } = this.#ports
    const props = this.#props(name)
    const given = wanted?.map(({ partition, offset }) => [partition, offset] as const) ?? null
    if (this.#kindOf(props) === 'sink')
      return this.#onceLeft(name, () => runtime.changeSinkOffsets(name, props, given && lastOfEach(given)))
    const stored = await runtime.sourceOffsets(name, props)
    const known = stored.flatMap(([partition]) => (partition === null ? [] : [partition]))
    const entries =
      given === null ? known.map((partition) => [partition, null] as const) : lastOfEach(given, known)
    const complete = await runtime.acceptSourceOffsets(name, props, entries)
    if (entries.length > 0) await runtime.writeSourceOffsets(name, props, entries)
    return complete
  }

  async #onceLeft<T>(name: string, change: () => Promise<T>): Promise<T> {
    const backoff = new Backoff(FIRST_RETRY_MS, MAX_RETRY_MS)
    const end = Date.now() + LEAVE_TIMEOUT_MS
    for (;;) {
      try {
        return await change()
      } catch (error) {
        if (!isConnectError(error) || error.code !== 'HR_GROUP_NOT_EMPTY' || Date.now() >= end) throw error
        if (!(await sleep(backoff.next(), this.#ports.stopped))) throw error
      }
      this.refuseUnlessStopped(name)
    }
  }

  #props(name: string): Props {
    const props = this.#ports.snapshot().connectors.get(name)
    if (props === undefined) throw notFound(`Connector ${name} not found`)
    return props
  }

  #kindOf(props: Props): 'source' | 'sink' {
    const className = props['connector.class'] ?? ''
    const kind = this.#ports.catalog.find(className)?.kind
    if (kind === 'source' || kind === 'sink') return kind
    const message = `Failed to find any class that implements Connector and which name matches ${className}`
    throw new ConnectError('HR_CONNECT', message)
  }
}

/** Returns the error for a change of offsets of a connector that is not stopped. */
export function notStopped(name: string): ConnectError {
  const how = `This can be done for the specified connector by issuing a 'PUT' request to the '/connectors/${name}/stop' endpoint`
  const message = `Connectors must be in the STOPPED state before their offsets can be modified. ${how}`
  return new ConnectError('HR_BAD_REQUEST', message)
}

/**
 * The last entry of each partition. A partition that is already stored keeps its key order, which is part of
 * its identity and which clients need not know.
 */
function lastOfEach(
  entries: readonly PartitionOffsetEntry[],
  known: readonly SourcePartition[] = [],
): PartitionOffsetEntry[] {
  const spellings = new Map(known.map((partition) => [identity(partition), partition]))
  const last = new Map<string, PartitionOffsetEntry>()
  for (const [partition, offset] of entries) {
    const key = identity(partition)
    last.set(key, [spellings.get(key) ?? partition, offset])
  }
  return [...last.values()]
}

function identity(partition: SourcePartition | null): string {
  if (partition === null) return 'null'
  return printJson(Object.entries(partition).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
