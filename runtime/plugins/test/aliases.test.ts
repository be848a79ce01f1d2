import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aliasesOf, aliasTable, simpleName } from '../aliases.ts'

test('a class has short names: its simple name, with and without the suffix of its kind', () => {
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

test('a plugin may have further names', () => {
  const table = aliasTable([
    ['a.LinesConnector', 'source', ['lines.of.text']],
    ['b.OneConnector', 'source', ['shared']],
    ['b.TwoConnector', 'source', ['shared']],
  ])
  assert.equal(table.get('lines.of.text'), 'a.LinesConnector')
  assert.equal(table.get('Lines'), 'a.LinesConnector')
  assert.equal(table.has('shared'), false)
})

test('an ambiguous short name matches no class', () => {
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

test('a class with two kinds has each short name once', () => {
  const table = aliasTable([
    ['a.StringConverter', 'converter'],
    ['a.StringConverter', 'header_converter'],
  ])

  assert.equal(table.get('String'), 'a.StringConverter')
})
