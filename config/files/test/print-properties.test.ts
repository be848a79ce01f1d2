import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseProperties } from '../properties.ts'
import { printProperties } from '../print-properties.ts'

test('what is printed is read back', () => {
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

test('settings come in order of their keys', () => {
  assert.equal(printProperties({ b: '2', a: '1' }), 'a=1\nb=2')
})
