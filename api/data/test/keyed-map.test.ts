import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Decimal } from '../../numbers/index.ts'
import { keyedMap } from '../keyed-map.ts'

test('two equal keys are merged into the first key with the last value', () => {
  const [one, two] = [new Date(5), new Date(5)]
  assert.deepEqual(
    [
      ...keyedMap([
        [one, 1],
        ['a', 2],
        [two, 3],
        ['a', 4],
      ]),
    ],
    [
      [one, 3],
      ['a', 4],
    ],
  )
  assert.equal(
    keyedMap([
      [new Decimal(10n, 1), 1],
      [new Decimal(10n, 1), 2],
    ]).size,
    1,
  )
  assert.equal(
    keyedMap([
      [[1, ['x']], 1],
      [[1, ['x']], 2],
    ]).size,
    1,
  )
})

test('decimals of different scale and bytes are different keys', () => {
  assert.equal(
    keyedMap([
      [new Decimal(10n, 1), 1],
      [new Decimal(1n, 0), 2],
    ]).size,
    2,
  )
  assert.equal(
    keyedMap([
      [Buffer.from('a'), 1],
      [Buffer.from('a'), 2],
    ]).size,
    2,
  )
})
