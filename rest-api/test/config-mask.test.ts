import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Herder } from '../../runtime/index.ts'
import { ConfigMask } from '../config-mask.ts'

const stored = { user: 'u', password: 'secret', other: '${file:/f:k}' }
const herder = {
  config: async () => stored,
  passwordKeys: async () => ['password', 'other'],
} as unknown as Herder

test('passwords are hidden, and references to config providers are not', async () => {
  const mask = new ConfigMask(herder, true)

  assert.deepEqual(await mask.shown(stored), { user: 'u', password: '[hidden]', other: '${file:/f:k}' })
})

test('a hidden value in a request stands for the stored value', async () => {
  const mask = new ConfigMask(herder, true)
  const sent = { user: '[hidden]', password: '[hidden]', fresh: '[hidden]' }

  assert.deepEqual(await mask.restored('c', sent), {
    user: '[hidden]',
    password: 'secret',
    fresh: '[hidden]',
  })
})

test('a disabled mask changes nothing', async () => {
  const mask = new ConfigMask(herder, false)

  assert.equal(await mask.shown(stored), stored)
  assert.deepEqual(await mask.restored('c', { password: '[hidden]' }), { password: '[hidden]' })
})
