import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defineConfig, type ConfigDef } from '../../../api/index.ts'
import { asExtensions, inGroup, int, recommends, text } from '../setting-rules.ts'

const settings = defineConfig({
  host: { ...text, importance: 'high', doc: 'Host.' },
  port: { ...int, default: 80, importance: 'low', doc: 'Port.' },
})

test('the settings of a group are counted from 1, or from the given number', () => {
  const placesOf = (def: ConfigDef) =>
    Object.entries(def).map(([key, { group, order }]) => [key, group, order])
  assert.deepEqual(placesOf(inGroup('Connection', settings)), [
    ['host', 'Connection', 1],
    ['port', 'Connection', 2],
  ])
  assert.deepEqual(placesOf(inGroup('Connection', settings, 5)), [
    ['host', 'Connection', 5],
    ['port', 'Connection', 6],
  ])
})

test('a setting of another group gets the place of the new one', () => {
  const grouped: ConfigDef = inGroup('Server', inGroup('Connection', settings, 5))
  assert.deepEqual([grouped['host']?.group, grouped['host']?.order], ['Server', 1])
})

test('extensions are marked, and otherwise unchanged', () => {
  assert.deepEqual(asExtensions(settings), {
    host: { ...settings.host, extension: true },
    port: { ...settings.port, extension: true },
  })
})

test('recommended values do not depend on other settings', () => {
  assert.deepEqual(recommends('plain', 'gzip').recommender.validValues(), ['plain', 'gzip'])
})
