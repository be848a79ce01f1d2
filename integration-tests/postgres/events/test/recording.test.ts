import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { differences } from '../differences.ts'
import { isObject, NUMBER, parseRaw, printRaw, type Json } from '../raw-json.ts'
import { recordingOf, type RawRecord } from '../recording.ts'
import { readScenario, recordingPath, scenarioNames, substitute, type Scenario } from '../scenario.ts'

const names = { prefix: 'run', db: 'db_run', slot: 'slot_run', name: 'c_run' }
const scenario: Scenario = { id: '1', name: 'n', desc: 'd' }

function record(value: unknown, more: Partial<RawRecord> = {}): RawRecord {
  const bytes = value === null ? null : Buffer.from(printRaw(value))
  return { partition: 0, offset: 0, key: null, value: bytes, headers: {}, timestamp: Date.now(), ...more }
}

function envelope(lsn: number, xid: number, more: Record<string, unknown> = {}): unknown {
  const source = { ts_ms: 1_764_454_151_000, lsn, txId: xid, sequence: JSON.stringify([null, `${lsn}`]) }
  return { schema: { type: 'struct' }, payload: { op: 'c', source, after: { id: 1 }, ...more } }
}

function recorded(records: readonly RawRecord[], of: Scenario = scenario): Json {
  const all = recordingOf(of, { topics: new Map([['run.public.t', records]]) }, names)
  assert.ok(isObject(all) && isObject(all['topics']))
  return all['topics']['${prefix}.public.t'] ?? null
}

const payloads = (list: Json): Json[] =>
  (list as { value: { payload: { source: Json } } }[]).map(({ value }) => value.payload.source)

test('the digits of numbers survive, and texts that look like numbers stay texts', () => {
  const text = '{"a":9007199254740993,"b":1.10,"c":"12","d":-1e400,"e":[1]}'
  const parsed = parseRaw(text)
  assert.ok(isObject(parsed))
  assert.deepEqual([parsed['a'], parsed['c']], [`${NUMBER}9007199254740993`, '12'])
  assert.equal(printRaw(parsed), text)
})

test('differences name their place, and fractions are compared by value', () => {
  const found = differences(
    parseRaw('{"a":1.50,"b":9007199254740993,"c":[1,2],"d":null}'),
    parseRaw('{"a":1.5,"b":9007199254740992,"c":[1],"e":0}'),
  )
  assert.deepEqual(found, [
    '$.b: expected 9007199254740993, found 9007199254740992',
    '$.c.length: expected 2, found 1',
    '$.d: missing, expected null',
    '$.e: unexpected "0"',
  ])
})

test('positions and transactions are recorded as their rank among all of the run', () => {
  const list = recorded([record(envelope(900, 7)), record(envelope(1000, 7)), record(envelope(950, 6))])
  const ranks = payloads(list).map(
    (source) => isObject(source) && [source['lsn'], source['txId'], source['sequence']],
  )
  assert.deepEqual(ranks, [
    ['<lsn#1>', '<tx#2>', '[null,<lsn#1>]'],
    ['<lsn#3>', '<tx#2>', '[null,<lsn#3>]'],
    ['<lsn#2>', '<tx#1>', '[null,<lsn#2>]'],
  ])
})

test('times of the wrong unit and positions that are texts are recorded as bad', () => {
  const source = { ts_ms: 1_764_454_151, ts_us: null, lsn: '5', txId: 1 }
  const [masked] = payloads(recorded([record({ schema: {}, payload: { op: 'c', source } })]))
  assert.ok(isObject(masked ?? null))
  const { ts_ms, ts_us, lsn } = masked as Record<string, Json>
  assert.match(String(ts_ms), /^<BAD ts_ms /)
  assert.equal(ts_us, null)
  assert.equal(lsn, '<BAD lsn "5">')
})

test('collapsed records count once, whatever their positions; dropped ones are not compared', () => {
  const records = [record(envelope(900, 7)), record(envelope(1000, 8))]
  assert.equal((recorded(records, { ...scenario, collapse: ['public'] }) as Json[]).length, 1)
  assert.deepEqual(recorded(records, { ...scenario, drop: ['public'] }), [])
})

test('the final state has the last value of each key, and counts changes but not reads', () => {
  const key = Buffer.from('{"schema":{},"payload":{"id":1}}')
  const read = record(envelope(1, 1, { op: 'r', after: { v: 'old' } }), { key })
  const change = record(envelope(2, 2, { op: 'u', after: { v: 'new' } }), { key })
  const state = recorded([read, change, record(null, { key })], { ...scenario, compare: 'final-state' })
  assert.equal(
    printRaw(state),
    '{"mode":"final-state","distinctKeys":1,"nonReadOps":{"u":1},"final":{"{\\"id\\":1}":{"v":"new"}}}',
  )
})

test('names are replaced in texts of any depth, and unknown ones stay', () => {
  const replaced = substitute({ 'sql': ['${db} ${other}'], '${name}': 1 }, names)
  assert.deepEqual(replaced, { sql: ['db_run ${other}'], c_run: 1 })
})

test('each scenario has a recording of the same scenario, without masks of bad values', () => {
  for (const name of scenarioNames()) {
    const text = readFileSync(recordingPath(name, 'recordings'), 'utf8')
    const recording = parseRaw(text)
    assert.ok(isObject(recording))
    assert.deepEqual([recording['id'], recording['name']], [readScenario(name).id, readScenario(name).name])
    assert.ok(!text.includes('<BAD'), name)
  }
})
