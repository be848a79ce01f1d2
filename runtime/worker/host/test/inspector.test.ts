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

test('extensions and dynamic settings of a connector appear in responses only when they are set', async () => {
  const setting = { type: 'string', default: null, importance: 'low', doc: 'A setting.' } as const
  const source = quietSource({
    config: { listed: setting, unlisted: { ...setting, extension: true } },
    dynamicConfig: ({ listed = '' }) => ({ [`${listed}.size`]: { ...setting, type: 'int' } }),
  })
  const settings = new Inspector(() => fakeEnvironment(source).environment)
  const shown = async (props: Readonly<Record<string, string>>) => {
    const infos = await settings.validate({ 'name': 'a', 'connector.class': 'Quiet', ...props })
    const names = infos.configs.flatMap(({ definition }) => definition?.name ?? [])
    const errors = infos.configs.flatMap(({ value }) => value?.errors ?? [])
    return { names: names.filter((name) => /listed|size/.test(name)), errors }
  }

  assert.deepEqual(
    settings.pluginConfig('Quiet').flatMap(({ name }) => (/listed|size/.test(name) ? [name] : [])),
    ['listed'],
  )
  assert.deepEqual(await shown({}), { names: ['listed'], errors: [] })
  assert.deepEqual(await shown({ 'listed': 'x', 'unlisted': 'y', 'x.size': '1', 'z.size': '2' }), {
    names: ['listed', 'unlisted', 'x.size'],
    errors: [],
  })
  assert.deepEqual((await shown({ 'listed': 'x', 'x.size': 'y' })).errors, [
    'Invalid value y for configuration x.size: Not a number of type INT',
  ])
})
