import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaults, readText } from '../../test/columns.ts'
import { hstoreReader } from '../hstore.ts'

const json = hstoreReader(defaults)
const map = hstoreReader({ ...defaults, hstoreMode: 'map' })

test('quotes and backslashes are resolved, and written as JSON', () => {
  const text = String.raw`"a\"b"=>"c\\d", "e, f"=>"g=>h", "NULL"=>"NULL", "n"=>NULL`
  const expected = { 'a"b': 'c\\d', 'e, f': 'g=>h', 'NULL': 'NULL', 'n': null }
  assert.deepEqual(Object.fromEntries(readText(map, text) as Map<string, string>), expected)
  assert.deepEqual(JSON.parse(readText(json, text) as string), expected)
})

test('control characters are escaped in upper case, other characters are not escaped', () => {
  assert.equal(readText(json, '"k"=>"\u001f\n🎉é"'), String.raw`{"k":"\u001F\n🎉é"}`)
  assert.equal(readText(json, String.raw`"k"=>"\\u001f${'\u001f'}"`), String.raw`{"k":"\\u001f\u001F"}`)
})

test('pairs have the order of a Java HashMap', () => {
  const text = '"o"=>"1", "p"=>"2", "q"=>"3"'
  assert.deepEqual([...(readText(map, text) as Map<string, string>).keys()], ['p', 'q', 'o'])
  assert.equal(readText(json, text), '{"p":"2","q":"3","o":"1"}')
})

test('a map may have any key', () => {
  assert.deepEqual(readText(map, '"__proto__"=>"1"'), new Map([['__proto__', '1']]))
  assert.equal(readText(json, '"__proto__"=>"1"'), '{"__proto__":"1"}')
})

test('refuses text that is not an hstore', () => {
  assert.throws(() => readText(json, '"a"=>"1", b'), /Expected an hstore but found "a"=>"1", b/)
  assert.throws(() => readText(json, 'x'), /Expected an hstore/)
})
