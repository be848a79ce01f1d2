import type { Database, Lsn, ReplicationConnection } from '../ports.ts'
import { readPublication } from '../slot/publication-catalog.ts'
import { creatorOf, ensurePublication } from '../slot/publication.ts'
import { parseIdentityRules, setReplicaIdentities } from '../slot/replica-identity.ts'
import { createSlot, dropSlot } from '../slot/slot.ts'
import type { ExportedSnapshot } from '../snapshot/coordinator.ts'
import { serverIdentity } from '../snapshot/session.ts'
import type { Preparation } from './preparation.ts'
import type { SessionScope } from './scope.ts'

/** A replication connection that is ready to stream. It must stay idle while its snapshot is used. */
export interface OpenedSlot {
  readonly replication: ReplicationConnection
  readonly exported: ExportedSnapshot | undefined
  /** Whether the slot is new. */
  readonly created: boolean
  /** Where the stream begins after a snapshot, if not at the position of the snapshot. */
  readonly streamsFrom: Lsn | undefined
}

const IMPORTABLE = new Set(['serializable', 'repeatable_read'])
/** A temporary slot waits for running transactions; a snapshot is taken without it after this time. */
const TEMPORARY_SLOT_MS = 30_000

/**
 * Opens the replication connection, and makes sure that the publication and the slot exist, in this order. Source:
 * PostgresReplicationConnection.initConnection.
 */
export async function openSlot(
  scope: SessionScope,
  database: Database,
  preparation: Preparation,
): Promise<OpenedSlot> {
  const { config, log } = scope.parts
  const { slot, decision } = preparation
  const timeoutMs = config['internal.create.slot.command.timeout'] * 1000
  const replication = await scope.connectReplication(timeoutMs)
  const interrupted = await wasInterrupted(scope, database, preparation)
  await preparePublication(scope, database, preparation, timeoutMs)
  const name = config['slot.name']
  if (decision.recreateSlot) await dropSlot(database.query, name, { timeoutMs: 0, signal: scope.signal })
  if (slot !== undefined) {
    const streamsFrom = interrupted && decision.snapshotData ? (slot.confirmedFlush ?? undefined) : undefined
    const needsSnapshot = decision.snapshotData && streamsFrom === undefined
    const exported = needsSnapshot ? await exportSnapshot(scope) : undefined
    return { replication, exported, created: false, streamsFrom }
  }
  const server = await serverIdentity(replication.query)
  const created = await createSlot(replication, {
    name,
    failover: config['slot.failover'],
    maxRetries: config['slot.max.retries'],
    retryDelayMs: config['slot.retry.delay.ms'],
    signal: scope.signal,
    log,
  })
  log.info('created the replication slot', { slot: name })
  return { replication, exported: { ...created, server }, created: true, streamsFrom: undefined }
}

/**
 * Whether an earlier snapshot was interrupted, so that its rows are in Kafka. The stream then begins where the slot does:
 * a row that was deleted meanwhile is in no other snapshot, and only the stream has its delete. Without a stored offset, a
 * publication that the connector has created shows that there was an earlier start; but with exactly-once support, the
 * records of that start were not committed either, and the changes before the next snapshot would repeat its rows. After a
 * reset of offsets, or if the support was enabled in between, deletes before the next snapshot are then not sent, as in Debezium.
 *
 * Differs: in Debezium the stream begins at the new snapshot, and these deletes are never sent.
 */
async function wasInterrupted(
  { parts }: SessionScope,
  { query }: Database,
  { decision }: Preparation,
): Promise<boolean> {
  const { config, connector, passed, exactlyOnce } = parts
  if (decision.repeats) return true
  if (passed.offset !== undefined || decision.discardOffset || exactlyOnce) return false
  const publication = await readPublication(query, config['publication.name'])
  return creatorOf(publication?.comment ?? null) === connector
}

async function preparePublication(
  { parts }: SessionScope,
  { query }: Database,
  { server, tables }: Preparation,
  timeoutMs: number,
): Promise<void> {
  const { config, rules, connector, log } = parts
  const plan = {
    name: config['publication.name'],
    database: config['database.dbname'],
    mode: config['publication.autocreate.mode'],
    tables,
    skippedOperations: rules.skipsExplicitly ? [...rules.skippedOperations] : undefined,
    viaPartitionRoot: config['publish.via.partition.root'],
    standby: server.inRecovery,
    timeoutMs,
    connector,
  }
  await ensurePublication(query, plan, log)
  const identities = parseIdentityRules(config['replica.identity.autoset.values'] ?? '')
  await setReplicaIdentities(query, identities, tables, log)
}

/**
 * Exports a snapshot through a temporary slot, whose position fits it exactly. Resolves to undefined if that is not possible, or
 * not wanted.
 *
 * Differs: Debezium reads the position beside the snapshot. It may be behind the commit of a transaction that the snapshot does
 * not show yet, whose changes are then lost.
 */
async function exportSnapshot(scope: SessionScope): Promise<ExportedSnapshot | undefined> {
  const { config, log } = scope.parts
  if (!IMPORTABLE.has(config['snapshot.isolation.mode'])) return undefined
  try {
    const replication = await scope.connectReplication(TEMPORARY_SLOT_MS)
    const server = await serverIdentity(replication.query)
    const name = `${config['slot.name'].slice(0, 50)}_snapshot`
    return { ...(await replication.createSlot({ name, failover: false, temporary: true })), server }
  } catch (error) {
    scope.signal.throwIfAborted()
    log.info('no temporary slot can be created for the snapshot; its position is read beside it', {
      err: error,
    })
    return undefined
  }
}
