import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aliasesOf, aliasTable, simpleName } from '../aliases.ts'

test('a class goes by its simple name, and without the suffix of its kind', () => {
  assert.deepEqual(aliasesOf('org.apache.kafka.connect.file.FileStreamSourceConnector', 'source'), [
    'FileStreamSourceConnector',
    'FileStreamSource',
  ])
  assert.deepEqual(aliasesOf('org.apache.kafka.connect.json.JsonConverter', 'converter'), [
    'JsonConverter',
    'Json',
  ])
  assert.deepEqual(aliasesOf('org.apache.kafka.connect.storage.SimpleHeaderConverter', 'header_converter'), [
    'SimpleHeaderConverter',
    'Simple',
  ])
  assert.deepEqual(aliasesOf('org.example.Filter', 'transformation'), ['Filter'])
  assert.deepEqual(aliasesOf('org.example.Connector', 'sink'), ['Connector'])
})

test('the simple name of an inner class is what follows the $', () => {
  assert.equal(simpleName('org.example.MaskField$Value'), 'Value')
  assert.equal(simpleName('NoPackage'), 'NoPackage')
})

test('a short name that several classes claim stands for none', () => {
  const table = aliasTable([
    ['a.MaskField$Value', 'transformation'],
    ['a.HoistField$Value', 'transformation'],
    ['a.OneConnector', 'source'],
    ['b.OneConnector', 'sink'],
    ['a.TwoConnector', 'source'],
  ])

  assert.deepEqual(
    [...table],
    [
      ['TwoConnector', 'a.TwoConnector'],
      ['Two', 'a.TwoConnector'],
    ],
  )
})

test('a class that serves as two kinds has its short names once', () => {
  const table = aliasTable([
    ['a.StringConverter', 'converter'],
    ['a.StringConverter', 'header_converter'],
  ])

  assert.equal(table.get('String'), 'a.StringConverter')
})
