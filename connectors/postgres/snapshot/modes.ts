import { ConnectError, type SourceOffset } from '../../../api/index.ts'
import type { Lsn } from '../ports.ts'
import { isPosition, neededLsn, offsetState } from '../streaming/position.ts'
import { unavailable, type SourceNames } from './unavailable.ts'

/** The settings that decide whether a start takes a snapshot, and whether it streams. */
export interface SnapshotModeSettings extends SourceNames {
  readonly 'snapshot.mode': string
  readonly 'snapshot.mode.configuration.based.snapshot.data': boolean
  readonly 'snapshot.mode.configuration.based.snapshot.schema': boolean
  readonly 'snapshot.mode.configuration.based.start.stream': boolean
  readonly 'snapshot.mode.configuration.based.snapshot.on.data.error': boolean
  readonly 'offset.mismatch.strategy': string
  readonly 'slot.name': string
}

/** The slot as a start finds it. `lost`: the server has removed WAL that the slot needs, so it can never be used again. */
export type SlotState =
  | { readonly kind: 'missing' }
  | { readonly kind: 'present'; readonly restartLsn: Lsn | null }
  | { readonly kind: 'lost'; readonly reason: string }

/** What a start does. */
export interface SnapshotDecision {
  readonly snapshotData: boolean
  readonly stream: boolean
  /** The stored offset is not used: its changes are no longer available. */
  readonly discardOffset: boolean
  /** The slot is lost; drop it, and create a new one. */
  readonly recreateSlot: boolean
  /** A snapshot has not finished before, so its records are sent again. */
  readonly repeats: boolean
  /** Why, for the log. */
  readonly reason: string
}

interface Mode {
  readonly snapshotData: 'if needed' | boolean
  readonly stream: boolean
  /** Whether a snapshot can replace changes that are no longer available. */
  readonly replacesLostChanges: boolean
}

const modes: ReadonlyMap<string, Mode> = new Map([
  ['always', { snapshotData: true, stream: true, replacesLostChanges: false }],
  ['initial', { snapshotData: 'if needed', stream: true, replacesLostChanges: false }],
  ['initial_only', { snapshotData: 'if needed', stream: false, replacesLostChanges: false }],
  ['no_data', { snapshotData: false, stream: true, replacesLostChanges: false }],
  ['when_needed', { snapshotData: 'if needed', stream: true, replacesLostChanges: true }],
])

/**
 * Decides whether a start takes a snapshot, and whether it streams afterwards. Throws `HR_CONNECT` if it can do neither
 * without losing changes.
 *
 * Source: BaseSourceTask.validateSchemaHistory, PostgresConnection.validateLogPosition and the classes in
 * io.debezium.snapshot.mode.
 */
export function decideSnapshot(
  config: SnapshotModeSettings,
  offset: SourceOffset | undefined,
  slot: SlotState,
): SnapshotDecision {
  const name = config['snapshot.mode']
  const mode = modeOf(config)
  const state = offsetState(offset)
  if (state === 'snapshot unfinished') rejectUnfinished(config, mode)
  const problem = offsetProblem(config, mode, offset, slot)
  if (problem !== undefined && !mode.replacesLostChanges) throw problem
  const discardOffset = problem !== undefined && offset !== undefined
  const needed = discardOffset || !isPosition(offset)
  const snapshotData = mode.snapshotData === 'if needed' ? needed : mode.snapshotData
  return {
    snapshotData,
    stream: mode.stream,
    discardOffset,
    recreateSlot: mode.stream && slot.kind === 'lost',
    repeats: snapshotData && state === 'snapshot unfinished',
    reason: reasonOf(name, snapshotData, discardOffset, state),
  }
}

/** Whether the mode streams changes. Throws `HR_CONFIG_INVALID` for an unknown mode. */
export function modeStreams(config: SnapshotModeSettings): boolean {
  return modeOf(config).stream
}

function modeOf(config: SnapshotModeSettings): Mode {
  if (config['snapshot.mode'] === 'configuration_based') {
    return {
      snapshotData: config['snapshot.mode.configuration.based.snapshot.data'],
      stream: config['snapshot.mode.configuration.based.start.stream'],
      replacesLostChanges: config['snapshot.mode.configuration.based.snapshot.on.data.error'],
    }
  }
  const mode = modes.get(config['snapshot.mode'])
  if (mode !== undefined) return mode
  const names = [...modes.keys(), 'configuration_based'].join(', ')
  throw new ConnectError(
    'HR_CONFIG_INVALID',
    `snapshot.mode: expected one of ${names}, found '${config['snapshot.mode']}'`,
    { configKey: 'snapshot.mode' },
  )
}

/** A mode without snapshots cannot finish the snapshot that another mode has begun. */
function rejectUnfinished(config: SnapshotModeSettings, mode: Mode): void {
  const schema =
    config['snapshot.mode'] === 'configuration_based' &&
    config['snapshot.mode.configuration.based.snapshot.schema']
  if (mode.snapshotData !== false || schema) return
  throw debeziumError(
    'The connector previously stopped while taking a snapshot, but now the connector is configured to never allow snapshots.' +
      ' Reconfigure the connector to use snapshots initially or when needed.',
  )
}

const trustingStrategies = new Set(['trust_slot', 'trust_greater_lsn'])

/** The error if the stream cannot continue after the offset; undefined if it can. */
function offsetProblem(
  config: SnapshotModeSettings,
  mode: Mode,
  offset: SourceOffset | undefined,
  slot: SlotState,
): ConnectError | undefined {
  if (!mode.stream) return undefined
  const slotName = config['slot.name']
  if (slot.kind === 'lost' && offset === undefined) return lostSlot(slotName, slot.reason)
  if (!isPosition(offset)) {
    return slot.kind === 'lost' ? lostSlot(slotName, slot.reason) : undefined
  }
  if (slot.kind === 'lost') return unavailable(offset, config)
  if (trustingStrategies.has(config['offset.mismatch.strategy'])) return undefined
  if (slot.kind === 'missing') return unavailable(offset, config)
  const needed = neededLsn(offset)
  if (needed === null || slot.restartLsn === null || slot.restartLsn <= needed) return undefined
  return unavailable(offset, config)
}

function lostSlot(name: string, reason: string): ConnectError {
  return debeziumError(
    `The replication slot '${name}' cannot be used any more: ${reason}. Drop it with` +
      ` SELECT pg_drop_replication_slot('${name}'), or set snapshot.mode=when_needed, which replaces it.`,
  )
}

function debeziumError(message: string): ConnectError {
  return new ConnectError('HR_CONNECT', message, { javaClass: 'io.debezium.DebeziumException' })
}

function reasonOf(mode: string, snapshotData: boolean, discarded: boolean, state: string): string {
  const verb = snapshotData ? 'takes a snapshot' : 'takes no snapshot'
  if (discarded) return `snapshot.mode=${mode} ${verb}: the changes after the stored offset are gone`
  const found = {
    'none': 'there is no stored offset',
    'snapshot unfinished': 'the previous snapshot has not finished',
    'snapshot completed': 'a snapshot has been completed before',
    'streaming': 'the stored offset is one of the stream',
  }[state]
  return `snapshot.mode=${mode} ${verb}: ${found}`
}
