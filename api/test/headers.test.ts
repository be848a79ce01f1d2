import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lastHeader, withoutHeaders, type Header } from '../headers.ts'

const header = (key: string, value: unknown): Header => ({ key, schema: null, value })
const headers = [header('a', 1), header('b', 2), header('a', 3)]

test('of several headers of a key the last one is found', () => {
  assert.equal(lastHeader(headers, 'a')?.value, 3)
  assert.equal(lastHeader(headers, 'c'), undefined)
})

test('headers are dropped by key, the order of the others is kept', () => {
  assert.deepEqual(withoutHeaders(headers, new Set(['a'])), [headers[1]])
})

test('where nothing is to be dropped, the headers are the same array', () => {
  assert.equal(withoutHeaders(headers, new Set(['c'])), headers)
})
