import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectorNames } from '../aliases.ts'

test('a connector has its class name, its short names and its own aliases; other plugins are left out', () => {
  const names = connectorNames([
    { className: 'x.OrdersConnector', kind: 'source', aliases: ['y.Orders'] },
    { className: 'x.SomeConverter', kind: 'converter' },
  ])
  assert.deepEqual(names, new Set(['x.OrdersConnector', 'OrdersConnector', 'Orders', 'y.Orders']))
})

test('a short name that two plugins share refers to neither', () => {
  const names = connectorNames([
    { className: 'a.C', kind: 'source' },
    { className: 'b.C', kind: 'sink' },
  ])
  assert.deepEqual(names, new Set(['a.C', 'b.C']))
})
