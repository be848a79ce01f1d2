import assert from 'node:assert/strict'
import { test } from 'node:test'
import { between, defineConfig, nonEmptyList, oneOf, type ConfigDef, type Props } from '../../../api/index.ts'
import { isWellFormed, parseConfig, parseSetting, settingText } from '../parse-config.ts'

const setting = { importance: 'high', doc: 'A setting.' } as const

const def = defineConfig({
  name: { ...setting, type: 'string' },
  size: { ...setting, type: 'int', default: 5, validate: between(1, 9) },
  mode: { ...setting, type: 'string', default: 'a', validate: oneOf('a', 'b') },
  topics: { ...setting, type: 'list', default: ['t'], validate: nonEmptyList },
  secret: { ...setting, type: 'password', default: null },
})

const fault = (props: Props, configKey: string, message: string): void =>
  assert.throws(() => parseConfig(def, props), { code: 'HR_CONFIG_INVALID', configKey, message })

test('settings are parsed by type, and missing ones get their default', () => {
  const { secret, ...config } = parseConfig(def, { name: ' n ', size: '7', topics: 'a, b', other: 'x' })

  assert.deepEqual(config, { name: 'n', size: 7, mode: 'a', topics: ['a', 'b'] })
  assert.equal(secret, null)
})

test('a definition can have its own messages for a value that does not have the type', () => {
  const unparseable = (key: string) => [`${key} is not a number`, 'Use digits']
  const size = { ...setting, type: 'int', default: 5, unparseable } as const

  assert.deepEqual(parseSetting('size', size, { size: 'x' }).errors, ['size is not a number', 'Use digits'])
  assert.deepEqual(parseSetting('size', size, { size: '7' }), { value: 7, errors: [] })
})

test('errors have the messages of Kafka', () => {
  fault({}, 'name', 'Missing required configuration "name" which has no default value.')
  fault({ name: 'n', size: 'x' }, 'size', 'Invalid value x for configuration size: Not a number of type INT')
  fault({ name: 'n', size: '0' }, 'size', 'Invalid value 0 for configuration size: Value must be at least 1')
  fault(
    { name: 'n', size: '10' },
    'size',
    'Invalid value 10 for configuration size: Value must be no more than 9',
  )
  fault(
    { name: 'n', mode: 'c' },
    'mode',
    'Invalid value c for configuration mode: String must be one of: a, b',
  )
})

test('parseSetting returns all errors of a setting', () => {
  assert.deepEqual(parseSetting('size', def['size'], { size: 'x' }), {
    value: null,
    errors: [
      'Invalid value x for configuration size: Not a number of type INT',
      'Invalid value null for configuration size: Value must be non-null',
    ],
  })
})

test('properties inherited from Object.prototype are not settings', () => {
  const odd: ConfigDef = Object.fromEntries([
    ['constructor', { ...setting, type: 'string', default: 'none' }],
  ])

  assert.equal(parseConfig(odd, {})['constructor'], 'none')
})

test('a secret appears in neither JSON nor strings', () => {
  const config = parseConfig(def, { name: 'n', secret: 'hunter2' })

  assert.doesNotMatch(`${JSON.stringify(config)} ${String(config.secret)}`, /hunter2/)
  assert.equal(config.secret?.reveal(), 'hunter2')
})

test('settings are well-formed if each has a value of its type that its definition allows', () => {
  assert.equal(isWellFormed(def, { name: 'n', size: '9', unknown: 'x' }), true)
  assert.equal(isWellFormed(def, {}), false)
  assert.equal(isWellFormed(def, { name: 'n', size: '2147483648' }), false)
  assert.equal(isWellFormed(def, { name: 'n', mode: 'c' }), false)
})

test('the text of a setting is trimmed, and undefined if it is not set', () => {
  assert.equal(settingText({ name: ' n ' }, 'name'), 'n')
  assert.equal(settingText({}, 'name'), undefined)
  assert.equal(settingText({}, 'constructor'), undefined)
})
