import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseProperties } from '../properties.ts'
import { printProperties } from '../print-properties.ts'

test('printed properties parse to the same settings', () => {
  const props = {
    'name': 'orders',
    'a key = odd: #!': 'plain',
    ' leading': '  two blanks before',
    'path': String.raw`C:\data\in`,
    'lines': 'one\ntwo\r\n\tthree',
    'regex': String.raw`\d+=(.*):$`,
    'control': 'a\u0001b',
    'empty': '',
    'letters': 'ä 漢 😀',
  }
  const read = Object.fromEntries(
    parseProperties(printProperties(props)).map(({ key, value }) => [key, value]),
  )
  assert.deepEqual(read, props)
})

test('settings are sorted by key', () => {
  assert.equal(printProperties({ b: '2', a: '1' }), 'a=1\nb=2')
})
