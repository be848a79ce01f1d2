import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lastHeader, withoutHeaders, type Header } from '../headers.ts'

const header = (key: string, value: unknown): Header => ({ key, schema: null, value })
const headers = [header('a', 1), header('b', 2), header('a', 3)]

test('lastHeader returns the last of several headers with the same key', () => {
  assert.equal(lastHeader(headers, 'a')?.value, 3)
  assert.equal(lastHeader(headers, 'c'), undefined)
})

test('withoutHeaders removes headers by key and keeps the order of the others', () => {
  assert.deepEqual(withoutHeaders(headers, new Set(['a'])), [headers[1]])
})

test('withoutHeaders returns the same array if there is nothing to remove', () => {
  assert.equal(withoutHeaders(headers, new Set(['c'])), headers)
})
