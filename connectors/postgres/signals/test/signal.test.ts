import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSignal, type ParsedSignal } from '../signal.ts'

const parse = (type: string | null, data: unknown): ParsedSignal =>
  parseSignal({
    id: 'sig-1',
    type,
    data: typeof data === 'string' || data === null ? data : JSON.stringify(data),
  })

const reasonOf = (parsed: ParsedSignal): string => ('reason' in parsed ? parsed.reason : '')

test('execute-snapshot has tables, conditions and a surrogate key; its kind ignores case', () => {
  const parsed = parse('execute-snapshot', {
    'type': 'incremental',
    'data-collections': [' public.t '],
    'additional-conditions': [{ 'data-collection': 'public.t', 'filter': 'id > 7' }],
    'surrogate-key': 'b',
  })
  assert.deepEqual(parsed, {
    signal: {
      action: 'execute-snapshot',
      id: 'sig-1',
      snapshot: 'INCREMENTAL',
      dataCollections: ['public.t'],
      conditions: [{ dataCollection: 'public.t', filter: 'id > 7' }],
      surrogateKey: 'b',
    },
  })
})

test('a snapshot without a kind is incremental', () => {
  const parsed = parse('execute-snapshot', { 'data-collections': ['a.b'] })
  assert.ok('signal' in parsed && parsed.signal.action === 'execute-snapshot')
  assert.equal(parsed.signal.snapshot, 'INCREMENTAL')
})

test('stop-snapshot without tables stops all', () => {
  assert.deepEqual(parse('stop-snapshot', null), {
    signal: { action: 'stop-snapshot', id: 'sig-1', dataCollections: [] },
  })
})

test('pause, resume and windows need no data', () => {
  for (const action of ['pause-snapshot', 'resume-snapshot', 'snapshot-window-open', 'snapshot-window-close'])
    assert.deepEqual(parse(action, 'not json'), { signal: { action, id: 'sig-1' } })
})

test('log has a message', () => {
  assert.deepEqual(parse('log', { message: 'hello {}' }), {
    signal: { action: 'log', id: 'sig-1', message: 'hello {}' },
  })
})

for (const [what, type, data, expected] of [
  ['an unknown type', 'nonsense', '{}', /"sig-1" is ignored: unknown type "nonsense"/],
  ['no type', null, '{}', /unknown type null/],
  ['bad JSON', 'execute-snapshot', 'not json', /"sig-1" of type execute-snapshot .* not valid JSON/],
  ['data that is a list', 'log', '[]', /must be a JSON object/],
  ['no message', 'log', '{}', /no "message"/],
  ['no tables', 'execute-snapshot', '{}', /at least one table/],
  ['a table that is no string', 'execute-snapshot', { 'data-collections': [1] }, /list of strings/],
  ['tables that are no list', 'stop-snapshot', { 'data-collections': 'a.b' }, /list of strings/],
  ['an unknown kind', 'execute-snapshot', { 'type': 'x', 'data-collections': ['a'] }, /found "x"/],
  ['stopping a blocking snapshot', 'stop-snapshot', { type: 'BLOCKING' }, /cannot be stopped/],
  [
    'a condition without filter',
    'execute-snapshot',
    { 'data-collections': ['a'], 'additional-conditions': [{ 'data-collection': 'a' }] },
    /"additional-conditions" must be/,
  ],
] as const) {
  test(`a signal with ${what} is ignored with the reason`, () => {
    assert.match(reasonOf(parse(type, data)), expected)
  })
}
