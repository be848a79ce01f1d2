import assert from 'node:assert/strict'
import { test } from 'node:test'
import { javaHashOrder, javaStringHash } from '../java-hash-order.ts'

const byText = (keys: readonly string[]) => javaHashOrder(keys, javaStringHash)

test('hashes texts like Java', () => {
  assert.equal(javaStringHash(''), 0)
  assert.equal(javaStringHash('hello'), 99162322)
  assert.equal(javaStringHash('ABCDEa123abc'), 165374702)
  assert.equal(javaStringHash('polygenelubricants'), -2147483648)
})

test('orders keys by the bucket of a HashMap with 16 buckets', () => {
  assert.deepEqual(byText(['banana', 'apple', 'cherry']), ['banana', 'apple', 'cherry'])
  assert.deepEqual(byText(['c', 'b', 'a']), ['a', 'b', 'c'])
  assert.deepEqual(byText(['q', 'p', 'o']), ['p', 'q', 'o'])
})

test('keeps the order of insertion within a bucket', () => {
  assert.deepEqual(byText(['a', 'BB', 'Aa']), ['BB', 'Aa', 'a'])
  assert.deepEqual(byText(['a', 'Aa', 'BB']), ['Aa', 'BB', 'a'])
})

test('has more buckets from the 13th entry on, or from the start', () => {
  const numbers = [16, 0, ...Array.from({ length: 11 }, (_, index) => index + 1)]
  assert.deepEqual(javaHashOrder(numbers.slice(0, 12), Number), [16, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  assert.deepEqual(javaHashOrder(numbers, Number), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 16])
  assert.deepEqual(javaHashOrder([4, 2, 1], Number, 3), [4, 1, 2])
})
