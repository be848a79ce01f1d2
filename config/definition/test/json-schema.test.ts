import assert from 'node:assert/strict'
import { test } from 'node:test'
import { between, defineConfig, oneOf } from '../../../api/index.ts'
import { jsonSchemaOf } from '../json-schema.ts'

test('the JSON Schema contains types, rules, defaults and docs', () => {
  const def = defineConfig({
    size: { type: 'int', importance: 'low', default: 5, validate: between(1), doc: 'The size.' },
    mode: { type: 'string', importance: 'low', validate: oneOf('a', 'b'), doc: 'The mode.' },
    list: { type: 'list', importance: 'low', default: null, doc: 'The list.' },
  })
  const { properties, required, type } = jsonSchemaOf(def)

  assert.deepEqual([type, required], ['object', ['mode']])
  assert.deepEqual(properties, {
    size: { description: 'The size.', type: 'integer', minimum: 1, maximum: 2 ** 31 - 1, default: 5 },
    mode: { description: 'The mode.', type: 'string', enum: ['a', 'b'] },
    list: { description: 'The list.', type: 'string' },
  })
})

test('the JSON Schema omits the default of a password', () => {
  const def = defineConfig({
    secret: { type: 'password', importance: 'low', default: null, doc: 'A secret.' },
  })

  assert.deepEqual(jsonSchemaOf(def)['properties'], { secret: { description: 'A secret.', type: 'string' } })
})
