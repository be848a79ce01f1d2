import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  BOOLEAN,
  FLOAT32,
  FLOAT64,
  INT16,
  INT64,
  makeSchema,
  map,
  OPTIONAL_STRING,
  STRING,
  timestampSchema,
  withAttributes,
  array,
  INT32,
  BYTES,
} from '../../../api/index.ts'
import { parseJson } from '../../../java/index.ts'
import { asciiView, holdsAt, plainText, viewOf } from '../bytes.ts'
import { DecoderCache } from '../decode.ts'
import { withDigits } from '../digits.ts'
import { notAsWritten, writtenReader } from '../written.ts'

const inner = makeSchema({ type: 'struct', fields: [['on', BOOLEAN]] })
const schema = makeSchema({
  type: 'struct',
  fields: [
    ['id', INT64],
    ['code', INT16],
    ['ratio', FLOAT64],
    ['part', FLOAT32],
    ['name', STRING],
    ['note', OPTIONAL_STRING],
    ['at', timestampSchema()],
    ['list', array(INT32)],
    ['raw', BYTES],
    ['inner', withAttributes(inner, { optional: true })],
  ],
})
const decoders = new DecoderCache(true)
const readPlain = writtenReader(schema, decoders)
assert.ok(readPlain)

function read(text: string): unknown {
  const bytes = Buffer.from(`??${text}??`)
  const view = viewOf(bytes)
  const end = bytes.length - 2
  const plain = plainText(bytes, view, 2, end)
  if (plain === undefined) return notAsWritten
  const value = readPlain?.(plain, plain.length, asciiView(plain, view, 2, end), 2)
  assert.deepEqual(readPlain?.(plain, plain.length, undefined, 2), value, 'with and without bytes')
  return value
}

const parts = {
  id: '1000000001',
  code: '-7',
  ratio: '0.14285714285714285',
  part: '1.5E-3',
  name: '"Grüße, 世界"',
  note: 'null',
  at: '1700000000000',
  list: '[1,2,-3]',
  raw: '"AQI="',
  inner: '{"on":true}',
}
const payload = (changes: Partial<typeof parts> = {}): string =>
  `{${Object.entries({ ...parts, ...changes })
    .map(([name, value]) => `"${name}":${value}`)
    .join(',')}}`

/** Returns the result of parsing and decoding, or undefined if they throw. */
function parsed(text: string): unknown {
  try {
    return withDigits(false, (decimals) =>
      decoders.of(schema)(parseJson(text, { decimals, longIntegers: 'exact', whole: true })),
    )
  } catch {
    return undefined
  }
}

test('a payload in the form that converters write is read without the parser', () => {
  const value = read(payload())
  assert.notEqual(value, notAsWritten)
  assert.deepEqual(value, parsed(payload()))
  assert.deepEqual(Object.keys(value as object), Object.keys(parts))
})

/** Values separated by spaces, followed by those that contain spaces or escapes. */
const values = [
  ...'null true false tru 0 -0 00 - 7 -12 1.0 1.25 1e3 -0.0 1. .5'.split(' '),
  ...'9007199254740993 123456789012345 1234567890123456 99999999999999999999 16777217 1e999'.split(' '),
  ...'"" "a" "AQI" "a [] [1] [1,] [null] [1,"a"] [{}]'.split(' '),
  ...'{} {"on":false} {"on":null} {"on":true,"off":1} {"off":true}'.split(' '),
  String.raw`"a\nb"`,
  '"a\nb"',
  '"\ufffd"',
  '" "',
  ' 1',
  '1 ',
  '[1 ,2]',
]

test('any field value gives the result of parsing or is left to the parser', () => {
  let taken = 0
  for (const name of Object.keys(parts))
    for (const value of values) {
      const text = payload({ [name]: value })
      const found = read(text)
      if (found === notAsWritten) continue
      taken++
      assert.deepEqual(found, parsed(text), text)
    }
  assert.ok(taken > Object.keys(parts).length * 3, String(taken))
})

test('reordered, missing, duplicate and additional fields are left to the parser', () => {
  for (const text of [
    payload().replace('"id":1000000001,"code":-7', '"code":-7,"id":1000000001'),
    payload().replace('"id":1000000001,', ''),
    payload().replace('"id":1000000001,', '"id":1000000001,"id":1,'),
    payload().replace('}', ',"more":1}'),
    `${payload()} `,
    `${payload()}}`,
    payload().slice(0, -1),
  ])
    assert.equal(read(text), notAsWritten, text)
})

test('schemas with maps are left to the parser, because maps have no fixed order', () => {
  assert.equal(
    writtenReader(makeSchema({ type: 'struct', fields: [['m', map(STRING, INT32)]] }), decoders),
    undefined,
  )
})

test('text is plain if it is UTF-8 without escapes or control characters at any position', () => {
  const plain = (text: string | Buffer) => {
    const bytes = Buffer.from(text)
    return plainText(bytes, viewOf(bytes), 0, bytes.length)
  }
  const base = 'abcdefghij'
  for (let at = 0; at < base.length; at++)
    for (let code = 0; code < 0x300; code++) {
      const text = base.slice(0, at) + String.fromCharCode(code) + base.slice(at + 1)
      assert.equal(plain(text), code < 0x20 || code === 0x5c ? undefined : text, `${code} at ${at}`)
    }
  assert.equal(plain(Buffer.from([0x61, 0xff])), undefined)
})

test('holdsAt compares all bytes of the part', () => {
  const view = viewOf(Buffer.from('abcdefghij'))
  assert.equal(holdsAt(view, 1, viewOf(Buffer.from('bcdefg'))), true)
  assert.equal(holdsAt(view, 1, viewOf(Buffer.from('bcdefh'))), false)
  assert.equal(holdsAt(view, 1, viewOf(Buffer.from('bcxefg'))), false)
  assert.equal(holdsAt(view, 4, viewOf(Buffer.alloc(0))), true)
})

test('bytes are compared exactly, whatever their value as doubles', () => {
  const text = Buffer.from('{"schema":{"type":"string","doc":"Grüße"},"payload":')
  const message = Buffer.concat([Buffer.from('?'), text, Buffer.from('"a"}')])
  assert.equal(holdsAt(viewOf(message), 1, viewOf(text)), true)
  for (let place = 0; place < text.length; place++) {
    for (const changed of [0x00, 0x20, 0x7f, 0x80, 0xf0, 0xff]) {
      const other = Buffer.from(message)
      other[place + 1] = changed
      assert.equal(holdsAt(viewOf(other), 1, viewOf(text)), false, `byte ${place} as ${changed}`)
    }
  }
  const zeros = [Buffer.alloc(8), Buffer.from([0, 0, 0, 0, 0, 0, 0, 0x80])]
  for (const bytes of zeros) assert.equal(holdsAt(viewOf(bytes), 0, viewOf(text.subarray(0, 8))), false)
})

test('any UTF-8 text is equal to itself, wherever it starts', () => {
  const letters = ['a', '\u007f', 'ü', '߿', '世', '\uffff', '\u{10000}', '\u{1f600}', '\u{10ffff}']
  for (const before of letters) {
    for (const after of letters) {
      const text = Buffer.from(`${before}${after}${after}${before}`.repeat(3))
      for (let shift = 0; shift < 8; shift++) {
        const message = viewOf(Buffer.concat([Buffer.alloc(shift), text]))
        assert.equal(holdsAt(message, shift, viewOf(text)), true, `${before}${after} at ${shift}`)
      }
      for (let from = 0; from < 8; from++) {
        const part = viewOf(text.subarray(from))
        assert.equal(holdsAt(part, 0, part), true, `${before}${after} from ${from}`)
      }
    }
  }
})

const hostile: Readonly<Record<string, string>> = {
  'a duplicate field': '{"id":1,"id":2}',
  'an escaped field name': payload().replace('"id"', '"\\u0069d"'),
  'fields in another order': '{"code":-7,"id":1}',
  'a field named __proto__': payload().replace('{"id"', '{"__proto__":{"id":9},"id"'),
  'a number with an exponent in an integer field': payload({ id: '1e5' }),
  'a negative zero': payload({ code: '-0', ratio: '-0', part: '-0.0' }),
  'a number with a leading zero': payload({ id: '007' }),
  'an integer beyond 64 bits': payload({ id: '123456789012345678901234567890' }),
  'whitespace': payload().replaceAll(':', ': '),
  'a byte order mark': `\ufeff${payload()}`,
  'text after the value': `${payload()},`,
  'a second value': `${payload()}${payload()}`,
  'a string without an end': payload().slice(0, payload().indexOf('Grüße')),
  'an object for a string': payload({ name: '{"a":1}' }),
  'a string with a line feed': payload({ name: '"a\nb"' }),
  'a string of one million characters': payload({ name: `"${'x'.repeat(1_000_000)}"` }),
}

for (const [what, text] of Object.entries(hostile)) {
  test(`the fast reader returns the result of the parser, or none: ${what}`, () => {
    for (const form of [text, text.replace('Grüße, 世界', 'hello')]) {
      const value = read(form)
      if (value !== notAsWritten) assert.deepEqual(value, parsed(form))
    }
  })
}

test('every truncated payload is left to the parser', () => {
  for (const whole of [payload(), payload({ name: '"hello"' })]) {
    for (let length = 0; length < whole.length; length++) {
      assert.equal(read(whole.slice(0, length)), notAsWritten, `${length} characters`)
    }
  }
})
