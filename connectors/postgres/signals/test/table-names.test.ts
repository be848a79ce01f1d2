import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blockingRequest } from '../blocking.ts'
import type { ExecuteSnapshot } from '../signal.ts'
import { conditionOf, expandTables, quotedIdentifier } from '../table-names.ts'

const t = { schema: 'public', table: 't' }
const t2 = { schema: 'public', table: 't2' }
const other = { schema: 'other', table: 'T' }
const all = [t, t2, other]

test('expressions match whole names and are distinct', () => {
  assert.deepEqual(expandTables(['public\\.t.*', 'public.t'], all), [t, t2])
})

test('an expression that matches nothing is a name', () => {
  assert.deepEqual(expandTables(['public.x', '"a.b"."c"', 'y'], all), [
    { schema: 'public', table: 'x' },
    { schema: 'a.b', table: 'c' },
    { schema: 'public', table: 'y' },
  ])
})

test('the first matching condition counts, in either case', () => {
  const conditions = [
    { dataCollection: 'PUBLIC.T', filter: 'a' },
    { dataCollection: 'public.*', filter: 'b' },
    { dataCollection: 'other.T', filter: '' },
  ]
  assert.deepEqual(
    [t, t2, other].map((table) => conditionOf(table, conditions)),
    ['a', 'b', undefined],
  )
})

test('names are quoted where they need to be', () => {
  assert.equal(quotedIdentifier(other), 'other.T')
  assert.equal(quotedIdentifier({ schema: 'a.b', table: 'c"d' }), '"a.b"."c""d"')
})

test('a blocking snapshot has the captured tables that match, and SELECT statements by name', () => {
  const signal: ExecuteSnapshot = {
    action: 'execute-snapshot',
    id: 'sig-1',
    snapshot: 'BLOCKING',
    dataCollections: ['PUBLIC\\.t.*', 'public.missing'],
    conditions: [{ dataCollection: 'public.t2', filter: 'SELECT * FROM t2 LIMIT 1' }],
    surrogateKey: undefined,
  }
  const request = blockingRequest(signal, all)
  assert.deepEqual(request.tables, [t, t2])
  assert.equal(request.selectStatement(t), undefined)
  assert.equal(request.selectStatement(t2), 'SELECT * FROM t2 LIMIT 1')
})
