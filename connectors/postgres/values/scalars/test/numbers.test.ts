import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readText } from '../../test/columns.ts'
import { floatAt } from '../floats.ts'
import { integerAt } from '../integers.ts'

const integer = (text: string) => readText({ read: integerAt }, text)
const float = (text: string) => readText({ read: floatAt }, text)

test('integers are numbers as long as they are safe', () => {
  for (const text of ['0', '-1', '999999999999999', '-9007199254740991'])
    assert.equal(integer(text), Number(text))
  for (const text of ['9007199254740992', '-9223372036854775808']) assert.equal(integer(text), BigInt(text))
})

test('text that is not an integer is refused', () => {
  for (const text of ['', '-', '1.5', 'x', '1 ']) assert.throws(() => integer(text), /Expected an integer/)
})

test('floats are the nearest doubles', () => {
  const texts = [
    '0',
    '0.1',
    '-1.005',
    '123456.789',
    '0.30000000000000004',
    '1e21',
    '5e-324',
    '-0.000001',
    '.5',
    '1.',
  ]
  for (const text of texts) assert.equal(float(text), Number(text), text)
  for (let step = 1; step < 2000; step++) {
    const text = String((step * 7919) / 10 ** (step % 12))
    assert.equal(float(text), Number(text), text)
  }
})

test('NaN, Infinity and negative zero are floats', () => {
  assert.ok(Object.is(float('-0'), -0))
  assert.ok(Number.isNaN(float('NaN')))
  assert.equal(float('-Infinity'), Number.NEGATIVE_INFINITY)
})

test('text that is not a float is refused', () => {
  for (const text of ['', 'x', '1..5', '1.2.3']) assert.throws(() => float(text), /Expected a number/, text)
})
