import assert from 'node:assert/strict'
import { test } from 'node:test'
import { copyCapacity, hashCapacity, inHashOrder } from '../hash-order.ts'

const order = (keys: readonly string[], capacity?: number): readonly string[] =>
  inHashOrder(
    keys.map((key) => [key, null]),
    capacity,
  ).map(([key]) => key)

test('keys with the same bucket stay in their order', () => {
  // both have the hash code 2112
  assert.deepEqual(order(['Aa', 'BB']), ['Aa', 'BB'])
  assert.deepEqual(order(['BB', 'Aa']), ['BB', 'Aa'])
})

test('the capacity doubles when three quarters are full, and does not shrink', () => {
  assert.equal(hashCapacity(12), 16)
  assert.equal(hashCapacity(13), 32)
  assert.equal(hashCapacity(0, 32), 32)
})

test('the order depends on the capacity', () => {
  // hash codes 97 and 113
  assert.deepEqual(order(['q', 'a']), ['q', 'a'])
  assert.deepEqual(order(['q', 'a'], 32), ['a', 'q'])
})

test('a copy has room for the entries of the original', () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 12].map(copyCapacity), [1, 2, 4, 8, 8, 8, 32])
})
