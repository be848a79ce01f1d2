import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseJson } from '../../../java/index.ts'
import { plainText, viewOf } from '../bytes.ts'
import { notAsWritten } from '../written.ts'
import { PredictingReader } from '../predicted.ts'

/** Reads a text surrounded by other bytes. */
function read(reader: PredictingReader, text: string): unknown {
  const bytes = Buffer.from(`1${text}2`)
  const end = bytes.length - 1
  const plain = plainText(bytes, viewOf(bytes), 1, end)
  return plain === undefined ? notAsWritten : reader.read(plain, viewOf(bytes), 1, end)
}

/** Returns a reader that predicts objects like this one. */
function trained(text: string): PredictingReader {
  const reader = new PredictingReader()
  for (let times = 0; times < 10; times++) reader.learn(parseJson(text))
  return reader
}

const object = (value: string) => `{"id":${value},"a b":"x","on":true}`

test('an object with the fields of earlier objects is read without the parser', () => {
  const reader = trained(object('1'))
  const text = '{"id":-25,"a b":"Hello, world","on":false}'
  assert.deepEqual(read(reader, text), { 'id': -25, 'a b': 'Hello, world', 'on': false })
})

test('any field value gives the result of the parser or is left to the parser', () => {
  const reader = trained(object('1'))
  const scalars =
    'null true false 0 -0 00 7 -12 1.0 1.25 -0.5 1e3 1E-2 1.0e2 123456789012345 1234567890123456'
  let taken = 0
  for (const value of [
    ...scalars.split(' '),
    '"text"',
    '""',
    '[1]',
    '{"a":1}',
    ' 1',
    '1 ',
    '-',
    '1.',
    'nul',
    '"a',
  ]) {
    const text = object(value)
    const found = read(reader, text)
    if (found === notAsWritten) continue
    taken++
    assert.deepEqual(found, parseJson(text), text)
  }
  assert.ok(taken >= 14, String(taken))
})

test('other fields, another order, more fields and trailing text are left to the parser', () => {
  const reader = trained(object('1'))
  for (const text of [
    '{"id":1,"a b":"x"}',
    '{"a b":"x","id":1,"on":true}',
    '{"id":1,"a b":"x","on":true,"more":1}',
    `${object('1')} `,
    `${object('1')}}`,
    object('1').slice(0, -1),
    '{"id": 1,"a b":"x","on":true}',
    '[]',
    '',
    object('1').replace('x', 'ü'),
  ])
    assert.equal(read(reader, text), notAsWritten, text)
})

test('the reader adapts to objects with other fields', () => {
  const reader = trained(object('1'))
  for (let times = 0; times < 10; times++) reader.learn({ n: 1 })
  assert.deepEqual(read(reader, '{"n":2}'), { n: 2 })
  reader.learn([1])
  assert.equal(read(reader, '{"n":2}'), notAsWritten)
})

test('fields with inherited or numeric names are ordinary fields', () => {
  const text = '{"1":true,"__proto__":1,"constructor":2}'
  const value = read(trained(text), text)
  assert.deepEqual(Object.entries(value as object), [
    ['1', true],
    ['__proto__', 1],
    ['constructor', 2],
  ])
  assert.equal(Object.getPrototypeOf(value), Object.prototype)
})
