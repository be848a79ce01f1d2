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

const WINDOW_BYTES = 64 * 1024

/** The expected result, from a regular expression over the whole text. */
function splitWhole(text: string): Line[] {
  let end = 0
  return [...text.matchAll(/([^\r\n]*)(\r\n|\n|\r(?!$))/g)].map(([whole, line = '']) => {
    end += Buffer.byteLength(whole)
    return [line, end]
  })
}

const fillers: Readonly<Record<string, string>> = {
  'lines of 94 characters': `${'x'.repeat(94)}\n`,
  'lines of a few characters': 'ab\n',
  'empty lines': '\n',
  'lines that end with \\r\\n': `${'x'.repeat(30)}\r\n`,
  'lines that end with \\r': `${'x'.repeat(30)}\r`,
  'lines longer than a window': `${'x'.repeat(WINDOW_BYTES + 10)}\r\n`,
  'lines as long as a window': `${'x'.repeat(WINDOW_BYTES - 1)}\r\n`,
}

for (const [what, filler] of Object.entries(fillers)) {
  test(`a large chunk is decoded in several parts: ${what}`, () => {
    const filled = filler.repeat(Math.ceil((WINDOW_BYTES * 3) / filler.length))
    for (const tail of ['end\n', 'ä\nend\r\n', `${'ü'.repeat(WINDOW_BYTES)}\nend`, '']) {
      for (let shift = 0; shift < 4; shift++) {
        const text = `${'s'.repeat(shift)}${filled}${tail}`
        const splitter = new LineSplitter(0)
        fill(splitter, Buffer.from(text))
        const lines: Line[] = []
        for (let taken = take(splitter); taken.length > 0; taken = take(splitter)) lines.push(...taken)
        assert.deepEqual(lines, splitWhole(text), `${shift} characters before, ${tail.length} after`)
        assert.equal(splitter.position, lines.at(-1)?.[1])
      }
    }
  })
}

test('take returns as many lines as requested if they are in different parts of a chunk', () => {
  const splitter = new LineSplitter(0)
  fill(splitter, Buffer.from(`${'x'.repeat(99)}\n`.repeat(2000)))
  assert.deepEqual(
    [take(splitter, 1500).length, take(splitter, 1500).length, splitter.waiting],
    [1500, 500, 0],
  )
})
