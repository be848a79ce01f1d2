import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Inspector } from '../inspector.ts'
import { fakeEnvironment, quietSource } from './fake-environment.ts'

const TASK = 'org.example.QuietTask'
const ABSTRACT = 'org.apache.kafka.connect.source.SourceTask'

const inspector = new Inspector(() => fakeEnvironment(quietSource({ taskClass: TASK })).environment)

test('a task class is rejected as a plugin with a specific error', () => {
  assert.throws(() => inspector.pluginConfig(TASK), {
    code: 'HR_BAD_REQUEST',
    message: `Invalid plugin class ${TASK}. Valid types are sink, source, converter, header_converter, transformation, predicate.`,
  })
  const message = `Plugin ${TASK} is not part of Connect's plugin loading mechanism (ClassPath or Plugin Path)`
  assert.throws(() => inspector.pluginConfig(TASK, '1.2'), { code: 'HR_BAD_REQUEST', message })
  assert.throws(() => inspector.pluginConfig(ABSTRACT), { message: 'Instantiation error' })
  assert.throws(() => inspector.pluginConfig('org.example.NoTask'), { code: 'HR_NOT_FOUND' })
})

test('a connector class with surrounding whitespace is not found', async () => {
  for (const name of [' Quiet', 'Quiet ', 'Quiet\n', '\tQuiet']) {
    await assert.rejects(inspector.validate({ 'name': 'a', 'connector.class': name }), {
      code: 'HR_BAD_REQUEST',
      message: new RegExp(`^Failed to find any class .* which name matches ${name}, available`),
    })
  }
  assert.equal((await inspector.validate({ 'name': 'a', 'connector.class': 'Quiet' })).name, 'Quiet')
})
