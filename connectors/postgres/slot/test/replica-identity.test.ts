import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseIdentityRules, setReplicaIdentities } from '../replica-identity.ts'
import { fakeQuery, recordingLog, serverError } from './fake-query.ts'

const parsed = (text: string) =>
  parseIdentityRules(text).map(({ tables, identity, index }) => [
    tables.pattern.replace('(?i)', ''),
    identity,
    index,
  ])

const tables = [
  { schema: 'public', table: 'orders', identity: 'd', index: null },
  { schema: 'public', table: 'Items', identity: 'i', index: 'items_i' },
]

async function set(text: string, alter: [] | Error = []): Promise<{ changes: string[]; lines: string[] }> {
  const { query, changes } = fakeQuery({ json_to_recordset: tables, ALTER: alter })
  const { log, lines } = recordingLog()
  await setReplicaIdentities(query, parseIdentityRules(text), tables, log)
  return { changes, lines }
}

test('elements name tables and their identity', () => {
  assert.deepEqual(
    parsed(String.raw`public\.a:FULL, s.b : default ,x.c:Nothing,x.d:INDEX d_i,x.e:index "E i"`),
    [
      [String.raw`public\.a`, 'f', ''],
      ['s.b', 'd', ''],
      ['x.c', 'n', ''],
      ['x.d', 'i', 'd_i'],
      ['x.e', 'i', 'E i'],
    ],
  )
  assert.deepEqual(parsed(''), [])
})

test('a regular expression may contain commas and colons', () => {
  assert.deepEqual(parsed('public.t{1,2}:FULL,public.(?:a|b):INDEX i'), [
    ['public.t{1,2}', 'f', ''],
    ['public.(?:a|b)', 'i', 'i'],
  ])
})

test('an element of another form is rejected', () => {
  for (const text of [
    'public.a',
    'public.a:SOME',
    'public.a:INDEX',
    'public.a:FULL x',
    ':FULL',
    'public.(:FULL',
  ]) {
    assert.throws(() => parseIdentityRules(text), { name: 'ConnectError' }, text)
  }
  assert.throws(() => parseIdentityRules('public.a:SOME'), {
    code: 'HR_CONFIG_INVALID',
    configKey: 'replica.identity.autoset.values',
  })
})

test('the first rule that matches the whole name sets the identity, in any case', async () => {
  const { changes } = await set(String.raw`public\.order:NOTHING,PUBLIC\.ORDERS:FULL,public\..*:DEFAULT`)
  assert.deepEqual(changes, [
    'ALTER TABLE "public"."orders" REPLICA IDENTITY FULL',
    'ALTER TABLE "public"."Items" REPLICA IDENTITY DEFAULT',
  ])
})

test('only identities that differ are set, and the index counts', async () => {
  assert.deepEqual((await set('public.orders:DEFAULT,public.items:INDEX items_i')).changes, [])
  assert.deepEqual((await set('public.items:INDEX other_i')).changes, [
    'ALTER TABLE "public"."Items" REPLICA IDENTITY USING INDEX "other_i"',
  ])
})

test('a table of another owner is logged and left as it is; other errors are thrown', async () => {
  const { lines } = await set('public.orders:FULL', serverError('42501', 'must be owner of table orders'))
  assert.match(lines[0] ?? '', /^error: Cannot set the replica identity .*public\.orders.*must be owner/)
  await assert.rejects(set('public.items:INDEX none', serverError('42704', 'index "none" does not exist')), {
    code: 'HR_CONNECT',
  })
})
