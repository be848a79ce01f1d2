import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Shapes } from '../shapes.ts'

test('a result is compiled once for keys that occur often', () => {
  const made: string[] = []
  const shapes = new Shapes((keys) => {
    made.push(keys.join())
    return keys.length
  })
  const answers = Array.from({ length: 6 }, () => [shapes.of(['a', 'b']), shapes.of(['a'])])
  assert.deepEqual(answers.at(0), [undefined, undefined])
  assert.deepEqual(answers.at(-1), [2, 1])
  assert.deepEqual(made, ['a,b', 'a'])
})

test('the same keys in another order are another shape', () => {
  const shapes = new Shapes((keys) => keys.join())
  for (let round = 0; round < 10; round++) void [shapes.of(['a', 'b']), shapes.of(['b', 'a'])]
  assert.deepEqual([shapes.of(['a', 'b']), shapes.of(['b', 'a'])], ['a,b', 'b,a'])
})

test('the number of compiled shapes is limited', () => {
  let made = 0
  const shapes = new Shapes(() => ++made)
  for (let shape = 0; shape < 1000; shape++) for (let round = 0; round < 10; round++) shapes.of([`x${shape}`])
  assert.equal(made, 64)
})
