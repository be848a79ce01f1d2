import assert from 'node:assert/strict'
import { test } from 'node:test'
import { INT32, makeSchema, OPTIONAL_STRING, STRING, struct, withAttributes } from '../../../api/index.ts'
import { parseConfig } from '../../../config/index.ts'
import { converterContext } from '../../../testing/index.ts'
import { jsonConverter } from '../index.ts'

const open = (props: Readonly<Record<string, string>> = {}) =>
  jsonConverter.create(
    parseConfig(jsonConverter.config, { ...props, 'converter.type': 'value' }),
    'value',
    converterContext(),
  )

const person = struct({ name: STRING, note: OPTIONAL_STRING })
const optional = withAttributes(person, { optional: true })
const decimal = makeSchema({
  type: 'struct',
  name: 'org.apache.kafka.connect.data.Decimal',
  fields: [['x', INT32]],
})

test('a message has its schema and its payload, whichever schema the previous message had', () => {
  const [messages, payloads] = [open(), open({ 'schemas.enable': 'false' })]
  const cases = [
    [person, { name: 'a"b', note: null }],
    [optional, null],
    [optional, undefined],
    [STRING, 'text'],
    [person, { name: 'c' }],
    [optional, { name: 'd', note: 'e' }],
    [INT32, 5],
  ] as const
  for (let round = 0; round < 2; round++) {
    for (const [schema, value] of cases) {
      const message = JSON.parse(String(messages.fromConnect('t', schema, value))) as Record<string, unknown>
      assert.deepEqual(Object.keys(message), ['schema', 'payload'])
      assert.equal(JSON.stringify(message['payload']), payloads.fromConnect('t', schema, value))
      const { optional: isOptional } = message['schema'] as Record<string, unknown>
      assert.equal(isOptional, schema.optional)
    }
  }
})

test('a value that does not match its schema is rejected, even after messages that match', () => {
  const messages = open()
  assert.ok(messages.fromConnect('t', person, { name: 'a' }))
  for (const value of [null, undefined, 'text', 1, ['a'], { name: null }, { name: 1 }]) {
    assert.throws(() => messages.fromConnect('t', person, value), { code: 'HR_DATA_INVALID' })
  }
  assert.throws(() => messages.fromConnect('t', decimal, { x: 1 }), { code: 'HR_DATA_INVALID' })
})

const head = String(open().fromConnect('t', person, { name: 'a', note: 'b' })).replace(
  /"payload":.*/,
  '"payload":',
)

/** Each follows a message with the same schema, whose prefix is then known. */
const payloads = [
  '{"name":"a","note":"b"}',
  '{"name":"a","note":null}',
  '{"note":"b","name":"a"}',
  '{"name":"a"}',
  '{"name":"a","name":"z","note":"b"}',
  '{"n\\u0061me":"a","note":"b"}',
  '{"name":"a","note":"b","__proto__":{"name":"z"}}',
  '{"__proto__":"z","name":"a","note":"b"}',
  ' {"name" : "a" , "note":"b"} ',
  '{"name":1e5,"note":"b"}',
  '{"name":-0,"note":"b"}',
  '{"name":"a","note":{"x":[1]}}',
  '{"name":"a\\"","note":"\\u0000"}',
  '{"name":"ä","note":"\u{1f600}"}',
  `{"name":"${'x'.repeat(100_000)}","note":"b"}`,
  '["a","b"]',
  '"a"',
  'null',
  '{}',
]

/** Returns the value or the message of the error. */
function outcome(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    return (error as Error).message
  }
}

for (const payload of payloads) {
  test(`a known schema does not change how a payload is read: ${payload.slice(0, 60)}`, () => {
    const warm = open()
    for (let time = 0; time < 3; time++) warm.toConnect('t', Buffer.from(`${head}${payloads[0]}}`))
    for (const end of ['}', '', '}}', '} ', ',"x":1}', '},']) {
      const bytes = Buffer.from(`${head}${payload}${end}`)
      const expected = outcome(() => open().toConnect('t', bytes))
      assert.deepEqual(
        outcome(() => warm.toConnect('t', bytes)),
        expected,
        `ends with '${end}'`,
      )
      const padded = Buffer.concat([Buffer.from('{'), bytes, Buffer.from('"}')])
      const range = () => warm.toConnectRange?.('t', padded, 1, padded.length - 2)
      assert.deepEqual(outcome(range), expected, `a range that ends with '${end}'`)
    }
  })
}

test('a truncated message is rejected, wherever it ends', () => {
  const warm = open()
  const whole = Buffer.from(`${head}${payloads[0]}}`)
  warm.toConnect('t', whole)
  for (let length = 1; length < whole.length; length++) {
    assert.throws(() => warm.toConnect('t', whole.subarray(0, length)), { code: 'HR_DATA_INVALID' })
    assert.throws(() => warm.toConnectRange?.('t', whole, 0, length), { code: 'HR_DATA_INVALID' })
  }
})

test('a byte order mark before a known schema is accepted', () => {
  const warm = open()
  const message = `${head}${payloads[0]}}`
  const expected = warm.toConnect('t', Buffer.from(message)).value
  assert.deepEqual(warm.toConnect('t', Buffer.from(`\ufeff${message}`)).value, expected)
})
