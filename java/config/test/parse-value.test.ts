import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Secret, type ConfigType } from '../../../api/index.ts'
import { parseValue } from '../parse-value.ts'

const parse = (type: ConfigType, text: string | null): unknown => parseValue('k', type, text)

const refused = (type: ConfigType, text: string, reason: string): void =>
  assert.throws(() => parse(type, text), {
    code: 'HR_CONFIG_INVALID',
    configKey: 'k',
    message: `Invalid value ${text} for configuration k: ${reason}`,
  })

test('strings are trimmed, and null stays null', () => {
  assert.equal(parse('string', ' \ta b\n '), 'a b')
  assert.equal(parse('string', '\u00a0a'), '\u00a0a') // Java's trim keeps other whitespace
  for (const type of ['string', 'int', 'list', 'class', 'password'] as const)
    assert.equal(parse(type, null), null)
})

test('booleans are case-insensitive', () => {
  assert.deepEqual([parse('boolean', 'TRUE'), parse('boolean', ' false ')], [true, false])
  refused('boolean', 'yes', 'Expected value to be either true or false')
  refused('boolean', '', 'Expected value to be either true or false')
})

test('integers have the limits of their Java types', () => {
  assert.deepEqual(
    [parse('int', '-2147483648'), parse('int', '+5'), parse('short', '32767'), parse('long', '4294967296')],
    [-2_147_483_648, 5, 32_767, 4_294_967_296],
  )
  for (const text of ['2147483648', '1.0', '', '1e3', '0x10', '1_000'])
    refused('int', text, 'Not a number of type INT')
  refused('short', '32768', 'Not a number of type SHORT')
  refused('long', '9223372036854775808', 'Not a number of type LONG')
})

test('doubles are parsed as in Java', () => {
  const texts = ['1.5', '.5', '5.', '1e3', '-Infinity', '1.5d', '2F', '0x1p4', '0x.8p1']

  assert.deepEqual(
    texts.map((text) => parse('double', text)),
    [1.5, 0.5, 5, 1000, -Infinity, 1.5, 2, 16, 1],
  )
  assert.ok(Number.isNaN(parse('double', 'NaN')))
  for (const text of ['one', '', 'infinity', '1,5', '0x1'])
    refused('double', text, 'Not a number of type DOUBLE')
})

test('lists are split at commas, without the whitespace around them', () => {
  assert.deepEqual(parse('list', ' a ,b\t,\n c'), ['a', 'b', 'c'])
  assert.deepEqual([parse('list', ''), parse('list', '  ')], [[], []])
})

const resolve = (name: string) => (name === 'Short' ? 'org.example.Short' : undefined)

test('an unknown class is rejected when a resolver is given', () => {
  assert.equal(parseValue('k', 'class', 'Short', resolve), 'org.example.Short')
  assert.throws(() => parseValue('k', 'class', 'Other', resolve), {
    message: 'Invalid value Other for configuration k: Class Other could not be found.',
  })
  assert.equal(parse('class', 'Other'), 'Other')
})

test('a password is parsed as a Secret', () => {
  const secret = parse('password', ' hunter2 ')

  assert.ok(secret instanceof Secret)
  assert.equal(secret.reveal(), 'hunter2')
})
