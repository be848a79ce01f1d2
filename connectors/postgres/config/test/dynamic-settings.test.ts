import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dynamicSettings } from '../dynamic-settings.ts'

test('settings are defined whose names contain a number, a table or another name', () => {
  const props = {
    'column.mask.with.5.chars': 'a',
    'column.mask.hash.v2.MD5.with.salt.s': 'a',
    'column.mask.with.x.chars': 'a',
    'snapshot.select.statement.overrides': 'public.a',
    'snapshot.select.statement.overrides.public.a': 'SELECT 1',
    'snapshot.select.statement.overrides.public.b': 'SELECT 2',
    'post.processors': 'p',
    'p.type': 'x',
    'signal.consumer.security.protocol': 'SSL',
    'topic.prefix': 'shop',
  }
  const defined = dynamicSettings(props)
  assert.deepEqual(
    Object.keys(props).filter((key) => Object.hasOwn(defined, key)),
    [
      'column.mask.with.5.chars',
      'column.mask.hash.v2.MD5.with.salt.s',
      'snapshot.select.statement.overrides.public.a',
      'p.type',
      'signal.consumer.security.protocol',
    ],
  )
})

test('nothing is defined that is not used', () => {
  assert.deepEqual(dynamicSettings({ 'topic.prefix': 'shop' }), {})
})
