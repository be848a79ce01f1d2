import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Table } from '../../ports.ts'
import { tableOfRelation } from '../relation-table.ts'

const column = { typmod: -1, defaultExpression: null, comment: null, generated: false }
const catalog: Table = {
  schema: 'public',
  table: 't',
  oid: 7,
  columns: [
    { ...column, name: 'id', number: 1, typeOid: 20, optional: false, defaultExpression: "nextval('s')" },
    { ...column, name: 'note', number: 3, typeOid: 25, optional: false, comment: 'free text' },
  ],
  primaryKey: ['id', 'note'],
  uniqueIndex: ['note'],
  replicaIdentity: 'f',
  kind: 'partition',
}

const relation = {
  schema: 'public',
  table: 't',
  oid: 7,
  replicaIdentity: 'f',
  columns: [
    { name: 'id', typeOid: 23, typmod: -1, isIdentity: true },
    { name: 'dropped', typeOid: 1043, typmod: 24, isIdentity: false },
  ],
} as const

test('columns and types are those of the stream, their attributes those of the catalog', () => {
  assert.deepEqual(tableOfRelation(relation, catalog).columns, [
    { ...catalog.columns[0], typeOid: 23 },
    { ...column, name: 'dropped', number: 2, typeOid: 1043, typmod: 24, optional: true },
  ])
})

test('keys consist of columns that the stream has', () => {
  const table = tableOfRelation(relation, catalog)
  assert.deepEqual([table.primaryKey, table.uniqueIndex], [['id'], []])
  assert.deepEqual([table.replicaIdentity, table.kind], ['f', 'partition'])
})

test('the key of a table that was dropped is its replica identity, if that is the default', () => {
  const table = tableOfRelation({ ...relation, replicaIdentity: 'd' }, undefined)
  assert.deepEqual(
    table.columns.map(({ name, optional }) => [name, optional]),
    [
      ['id', false],
      ['dropped', true],
    ],
  )
  assert.deepEqual([table.primaryKey, table.uniqueIndex, table.kind], [['id'], [], 'table'])
})

test('a table that was dropped has nullable columns and no key if its replica identity is another one', () => {
  const table = tableOfRelation(relation, undefined)
  assert.ok(table.columns.every(({ optional }) => optional))
  assert.deepEqual([table.primaryKey, table.uniqueIndex, table.replicaIdentity], [[], [], 'f'])
})
