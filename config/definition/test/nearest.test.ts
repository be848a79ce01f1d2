import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearest } from '../nearest.ts'

const known = ['tasks.max', 'topics', 'topics.regex', 'connector.class', 'key.converter', 'value.converter']

test('nearest returns the most similar name for a misspelt one', () => {
  assert.equal(nearest('task.max', known), 'tasks.max')
  assert.equal(nearest('tasks.mxa', known), 'tasks.max')
  assert.equal(nearest('conector.clas', known), 'connector.class')
  assert.equal(nearest('vaule.converter', known), 'value.converter')
  assert.equal(nearest('topic', known), 'topics')
})

test('nearest returns undefined when no name is similar', () => {
  assert.equal(nearest('my.own.setting', known), undefined)
  assert.equal(nearest('--set', ['--user', '--all']), undefined)
  assert.equal(nearest('', known), undefined)
  assert.equal(nearest('x', []), undefined)
})
