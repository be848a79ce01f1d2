import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isConnectError, type SourceOffset } from '../../../../api/index.ts'
import { decideSnapshot, type SlotState, type SnapshotModeSettings } from '../modes.ts'

const settings = (mode: string, more: Partial<SnapshotModeSettings> = {}): SnapshotModeSettings => ({
  'snapshot.mode': mode,
  'snapshot.mode.configuration.based.snapshot.data': false,
  'snapshot.mode.configuration.based.snapshot.schema': false,
  'snapshot.mode.configuration.based.start.stream': false,
  'snapshot.mode.configuration.based.snapshot.on.data.error': false,
  'offset.mismatch.strategy': 'no_validation',
  'slot.name': 'orders',
  'topic.prefix': 'shop',
  'database.dbname': 'sales',
  ...more,
})

const missing: SlotState = { kind: 'missing' }
const present: SlotState = { kind: 'present', restartLsn: 90 }
const newer: SlotState = { kind: 'present', restartLsn: 101 }
const lost: SlotState = { kind: 'lost', reason: 'wal_status is lost' }

const unfinished: SourceOffset = { lsn: 100, snapshot: 'INITIAL', snapshot_completed: false }
const legacyUnfinished: SourceOffset = { lsn: 100, snapshot: true, last_snapshot_record: false }
const completed: SourceOffset = { lsn: 100, snapshot: 'INITIAL', snapshot_completed: true }
const streaming: SourceOffset = { lsn: 100, lsn_proc: 100, lsn_commit: 95 }

type Short = 'snapshot, stream' | 'snapshot' | 'stream' | 'nothing' | 'error'

function outcome(config: SnapshotModeSettings, offset: SourceOffset | undefined, slot: SlotState): Short {
  try {
    const { snapshotData, stream } = decideSnapshot(config, offset, slot)
    if (snapshotData) return stream ? 'snapshot, stream' : 'snapshot'
    return stream ? 'stream' : 'nothing'
  } catch (error) {
    assert.ok(isConnectError(error))
    assert.equal(error.retriable, false)
    return 'error'
  }
}

const offsets = [undefined, unfinished, legacyUnfinished, completed, streaming]

/** One line per mode and slot, one column per offset: none, unfinished, unfinished of old versions, completed, streaming. */
const table: [mode: string, slot: SlotState, ...outcomes: Short[]][] = [
  ['initial', missing, 'snapshot, stream', 'snapshot, stream', 'snapshot, stream', 'error', 'error'],
  ['initial', present, 'snapshot, stream', 'snapshot, stream', 'snapshot, stream', 'stream', 'stream'],
  ['initial', newer, 'snapshot, stream', 'snapshot, stream', 'snapshot, stream', 'error', 'error'],
  ['initial', lost, 'error', 'error', 'error', 'error', 'error'],
  ['initial_only', missing, 'snapshot', 'snapshot', 'snapshot', 'nothing', 'nothing'],
  ['initial_only', lost, 'snapshot', 'snapshot', 'snapshot', 'nothing', 'nothing'],
  ['always', missing, 'snapshot, stream', 'snapshot, stream', 'snapshot, stream', 'error', 'error'],
  ['always', present, ...Array<Short>(5).fill('snapshot, stream')],
  ['no_data', missing, 'stream', 'error', 'error', 'error', 'error'],
  ['no_data', present, 'stream', 'error', 'error', 'stream', 'stream'],
  ['when_needed', missing, ...Array<Short>(5).fill('snapshot, stream')],
  ['when_needed', present, 'snapshot, stream', 'snapshot, stream', 'snapshot, stream', 'stream', 'stream'],
  ['when_needed', newer, ...Array<Short>(5).fill('snapshot, stream')],
  ['when_needed', lost, ...Array<Short>(5).fill('snapshot, stream')],
]

for (const [mode, slot, ...outcomes] of table) {
  const name = slot === newer ? 'newer than the offset' : slot.kind
  test(`snapshot.mode=${mode} with a slot that is ${name}`, () => {
    assert.deepEqual(
      offsets.map((offset) => outcome(settings(mode), offset, slot)),
      outcomes,
    )
  })
}

test('configuration_based does what its settings say, at each start', () => {
  const data = settings('configuration_based', {
    'snapshot.mode.configuration.based.snapshot.data': true,
  })
  assert.equal(outcome(data, streaming, missing), 'snapshot')
  const stream = settings('configuration_based', {
    'snapshot.mode.configuration.based.start.stream': true,
  })
  assert.equal(outcome(stream, undefined, missing), 'stream')
  assert.equal(outcome(stream, unfinished, present), 'error')
  assert.equal(outcome(stream, streaming, missing), 'error')
  const schema = { ...stream, 'snapshot.mode.configuration.based.snapshot.schema': true }
  assert.equal(outcome(schema, unfinished, present), 'stream')
  const onError = { ...stream, 'snapshot.mode.configuration.based.snapshot.on.data.error': true }
  assert.deepEqual(decideSnapshot(onError, streaming, missing), {
    snapshotData: false,
    stream: true,
    discardOffset: true,
    recreateSlot: false,
    repeats: false,
    reason:
      'snapshot.mode=configuration_based takes no snapshot: the changes after the stored offset are gone',
  })
})

test('when_needed says what it discards, replaces and repeats', () => {
  const config = settings('when_needed')
  const { reason, ...afterLoss } = decideSnapshot(config, streaming, lost)
  assert.deepEqual(afterLoss, {
    snapshotData: true,
    stream: true,
    discardOffset: true,
    recreateSlot: true,
    repeats: false,
  })
  assert.match(reason, /after the stored offset are gone/)
  assert.equal(decideSnapshot(config, unfinished, present).repeats, true)
  assert.equal(decideSnapshot(config, undefined, missing).repeats, false)
})

test('an offset whose changes are gone is an error', () => {
  assert.throws(
    () => decideSnapshot(settings('initial'), streaming, newer),
    /^ConnectError: The connector is trying to read change stream starting at PostgresOffsetContext .* sourceInfo=source_info\[server='shop'db='sales', lsn=LSN\{0\/64\}.* no longer available/,
  )
})

test('strategies that trust the slot skip the test of the position, but not that of a lost slot', () => {
  for (const more of [
    { 'offset.mismatch.strategy': 'trust_slot' },
    { 'offset.mismatch.strategy': 'trust_greater_lsn' },
  ]) {
    assert.equal(outcome(settings('initial', more), streaming, newer), 'stream')
    assert.equal(outcome(settings('initial', more), streaming, lost), 'error')
  }
})

test('an unknown mode is an error that names the modes', () => {
  assert.throws(
    () => decideSnapshot(settings('never'), undefined, missing),
    /expected one of always, initial/,
  )
})
