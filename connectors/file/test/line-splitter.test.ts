import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LineSplitter } from '../line-splitter.ts'

type Line = readonly [text: string, end: number]

function fill(splitter: LineSplitter, bytes: Buffer): void {
  bytes.copy(splitter.room(bytes.length))
  splitter.filled(bytes.length)
}

const take = (splitter: LineSplitter, max = 1000): Line[] =>
  splitter.take(max, (text, end): Line => [text, end])

/** Returns all lines of a text that arrives in chunks of `size` bytes. */
function linesOf(text: string, size: number): Line[] {
  const splitter = new LineSplitter(0)
  const bytes = Buffer.from(text)
  const lines: Line[] = []
  for (let at = 0; at < bytes.length; at += size) {
    fill(splitter, bytes.subarray(at, at + size))
    lines.push(...take(splitter, 2), ...take(splitter))
  }
  return lines
}

test('lines end with \\n, \\r or \\r\\n in any combination, and their ends are in bytes', () => {
  const expected: Line[] = [
    ['a', 2],
    ['b', 5],
    ['c', 7],
    ['', 8],
    ['', 10],
    ['d', 12],
  ]

  assert.deepEqual(linesOf('a\nb\r\nc\r\n\r\nd\n'.replace('c\r\n\r\n', 'c\r\r\r\n'), 100), expected)
})

for (const text of ['one\ntwo\r\nthree\rfour\n\nsix\r\n', 'ein\nzwö\r\ndreiß\rvier\n\n六\r\n🚀\n']) {
  test(`lines do not depend on the size of the chunks: ${JSON.stringify(text)}`, () => {
    const whole = linesOf(text, 1000)
    assert.deepEqual(
      whole.map(([line]) => line),
      text.split(/\r\n|\n|\r/).slice(0, -1),
    )

    for (let size = 1; size < 12; size++)
      assert.deepEqual(linesOf(text, size), whole, `chunks of ${size} bytes`)
  })
}

test('an incomplete line is buffered, and so is a \\r that may be part of a \\r\\n', () => {
  const splitter = new LineSplitter(10)
  fill(splitter, Buffer.from('one\ntw'))
  assert.deepEqual(take(splitter), [['one', 14]])
  assert.deepEqual([splitter.position, splitter.waiting], [14, 2])

  fill(splitter, Buffer.from('o\r'))
  assert.deepEqual(take(splitter), [])
  fill(splitter, Buffer.from('\nthree'))
  assert.deepEqual(take(splitter), [['two', 19]])
})

test('a \\r at the end stays buffered after room() for bytes that have not arrived', () => {
  const splitter = new LineSplitter(0)
  fill(splitter, Buffer.from(`${'ä\n'.repeat(1000)}ö\r`))
  assert.equal(take(splitter).length, 1000)
  splitter.room(1_000_000)

  assert.deepEqual(take(splitter), [])
  fill(splitter, Buffer.from('\n'))
  assert.deepEqual(take(splitter), [['ö', 3004]])
})

test('take returns at most the requested number of lines', () => {
  const splitter = new LineSplitter(0)
  fill(splitter, Buffer.from('a\nb\nc\n'))

  assert.deepEqual(
    take(splitter, 2).map(([line]) => line),
    ['a', 'b'],
  )
  assert.deepEqual(
    take(splitter, 2).map(([line]) => line),
    ['c'],
  )
})

test('invalid UTF-8 becomes replacement characters, and positions stay correct', () => {
  const splitter = new LineSplitter(0)
  fill(splitter, Buffer.from([0x61, 0xff, 0xfe, 0x0a, 0x62, 0x0a]))

  assert.deepEqual(take(splitter), [
    ['a\ufffd\ufffd', 4],
    ['b', 6],
  ])
})
