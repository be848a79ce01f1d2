import assert from 'node:assert/strict'
import { test } from 'node:test'
import { validateSettings } from '../validation.ts'
import { required } from './required.ts'

type Settings = Readonly<Record<string, string>>

/** The reasons of the faults by setting, without the words that all messages begin with. */
const faultsOf = (settings: Settings, base: Settings = required) =>
  validateSettings({ ...base, ...settings }).map(({ key, message }) => [
    key,
    message.replace(`The '${key}' value is invalid: `, ''),
  ])

test('the smallest settings are valid', () => {
  assert.deepEqual(faultsOf({}), [])
})

test('required settings must have a value', () => {
  assert.deepEqual(faultsOf({}, {}), [
    ['topic.prefix', 'A value is required'],
    ['database.hostname', 'A value is required'],
    ['database.user', 'A value is required'],
    ['database.dbname', 'A value is required'],
  ])
})

const format = 'has invalid format (only the underscore, hyphen, dot and alphanumeric characters are allowed)'
const alone: readonly (readonly [key: string, value: string, ...reasons: string[]])[] = [
  ['topic.prefix', 'a b', `a b ${format}`],
  ['database.hostname', 'a b', `a b ${format}`],
  ['topic.heartbeat.name', 'a/b', `a/b ${format}`],
  [
    'slot.name',
    'Bad-Slot',
    'Valid replication slot name must contain only digits, lowercase characters and underscores with length <= 63',
  ],
  [
    'message.key.columns',
    'nocolon',
    String.raw`nocolon has an invalid format (expecting '^\s*([^:]+):([^:,]+(,[^:,]+)*)\s*$')`,
  ],
  [
    'replica.identity.autoset.values',
    'x,public.t:FULL',
    String.raw`x has an invalid format (expecting '(?i)^\s*(?<tablepredicate>[^\s:]+):(?<replicaidentity>DEFAULT|(INDEX) (?<indexname>.\w*)|FULL|NOTHING)\s*$')`,
  ],
  ['skipped.operations', 'z', 'Invalid operation'],
  ['skipped.operations', 'none,t', "'none' cannot be specified with other skipped operation types"],
  [
    'signal.data.collection',
    'a.b,a.c',
    'For single task connector only one signal data collection is permitted.',
  ],
  [
    'custom.metric.tags',
    'k=v,x',
    'A equivalent-separated map of valid key/value pairs is expected, for example: k1=v1,k2=v2',
  ],
  ['topic.naming.strategy', 'no class', 'A Java class name is expected'],
  ['slot.stream.params', 'a=b;c', 'found c, expected name=value pairs separated by semicolons'],
  ['max.queue.size', '0', 'A positive queue size is required', 'Must be larger than the maximum batch size'],
]
for (const [key, value, ...reasons] of alone) {
  test(`${key}=${value} is refused with the message of the rule`, () => {
    assert.deepEqual(
      faultsOf({ [key]: value }),
      reasons.map((reason) => [key, reason]),
    )
  })
}

test('what Debezium accepts is valid', () => {
  for (const settings of [
    { 'database.hostname': '[::1]:5432, db-2.example.com' },
    { 'slot.name': 'a'.repeat(63) },
    { 'message.key.columns': 'public.a:x,y;(.*).b:z;' },
    { 'replica.identity.autoset.values': 'public.a:full,public.b:INDEX b_idx' },
    { 'skipped.operations': 'none' },
    { 'signal.data.collection': 'x' },
    { 'topic.naming.strategy': 'nope.Klass' },
    { 'unavailable.value.placeholder': 'hex:zz' },
    { 'incremental.snapshot.chunk.size': '0' },
    { 'max.queue.size': 'x' }, // reported by the definition
    { 'topic.heartbeat.name': '' },
    { 'slot.stream.params': 'a=b;;c=' },
    { unknown: 'x' },
  ] satisfies Settings[]) {
    assert.deepEqual(faultsOf(settings), [], JSON.stringify(settings))
  }
})

test('an include list and an exclude list cannot be set both', () => {
  for (const name of ['table', 'schema', 'column']) {
    assert.deepEqual(faultsOf({ [`${name}.include.list`]: 'a', [`${name}.exclude.list`]: 'b' }), [
      [`${name}.exclude.list`, `"${name}.include.list" is already specified`],
    ])
  }
  assert.deepEqual(faultsOf({ 'message.prefix.include.list': 'a', 'message.prefix.exclude.list': 'b' }), [
    ['message.prefix.exclude.list', '"logical_decoding_message.prefix.include.list" is already specified'],
  ])
})

test('the queue must be larger than a batch', () => {
  const message = 'Must be larger than the maximum batch size'
  assert.deepEqual(faultsOf({ 'max.queue.size': '20', 'max.batch.size': '20' }), [
    ['max.queue.size', message],
  ])
  assert.deepEqual(faultsOf({ 'max.queue.size': '2048' }), [['max.queue.size', message]])
  assert.deepEqual(faultsOf({ 'max.batch.size': '8192' }), [['max.queue.size', message]])
})

test('invalid regular expressions are found wherever a setting has them', () => {
  for (const settings of [
    { 'table.include.list': '(' },
    { 'snapshot.include.collection.list': 'a,(' },
    { 'datatype.propagate.source.type': '(' },
    { 'column.mask.with.5.chars': '(' },
    { 'message.key.columns': 'a(:b' },
    { 'replica.identity.autoset.values': '(:FULL' },
  ] satisfies Settings[]) {
    const [fault, ...others] = faultsOf(settings)
    assert.equal(fault?.[0], Object.keys(settings)[0])
    assert.match(fault?.[1] ?? '', /Unclosed group near index/)
    assert.deepEqual(others, [])
  }
})

test('the salt of a hash is not part of a message', () => {
  const [fault] = validateSettings({ ...required, 'column.mask.hash.MD5.with.salt.pepper': '(' })
  assert.equal(fault?.key, 'column.mask.hash.MD5.with.salt.pepper')
  assert.doesNotMatch(fault?.message ?? '', /pepper/)
})

test('settings that others require must be set', () => {
  assert.deepEqual(faultsOf({ 'snapshot.mode': 'Custom' }), [
    [
      'snapshot.mode.custom.name',
      "snapshot.mode.custom.name cannot be empty when snapshot.mode 'custom' is defined",
    ],
  ])
  assert.deepEqual(faultsOf({ 'notification.enabled.channels': 'log, sink' }), [
    [
      'notification.sink.topic.name',
      'Notification topic name must be provided when kafka notification channel is enabled',
    ],
  ])
})
