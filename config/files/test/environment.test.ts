import assert from 'node:assert/strict'
import { test } from 'node:test'
import { environmentSettings } from '../environment.ts'

const settingsOf = (environment: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries([...environmentSettings(environment).values()].map(({ key, value }) => [key, value]))

test('one underscore maps to a dot, two to an underscore, three to a dash', () => {
  assert.deepEqual(
    settingsOf({
      CONNECT_BOOTSTRAP_SERVERS: 'broker:9092',
      CONNECT_CONFIG_PROVIDERS_MY__FILES_CLASS: 'FileConfigProvider',
      CONNECT_CONFIG_PROVIDERS_MY___ENV_CLASS: 'EnvVarConfigProvider',
    }),
    {
      'bootstrap.servers': 'broker:9092',
      'config.providers.my_files.class': 'FileConfigProvider',
      'config.providers.my-env.class': 'EnvVarConfigProvider',
    },
  )
})

test('HEADRACE_ takes precedence over CONNECT_ regardless of the order', () => {
  const settings = environmentSettings({ HEADRACE_GROUP_ID: 'ours', CONNECT_GROUP_ID: 'theirs' })
  assert.deepEqual(settings.get('group.id'), {
    key: 'group.id',
    value: 'ours',
    variable: 'HEADRACE_GROUP_ID',
  })
})

test('other variables, client variables, unset variables and bare prefixes are ignored', () => {
  assert.deepEqual(
    settingsOf({
      PATH: '/bin',
      KAFKA_OPTS: 'x',
      HEADRACE_URL: 'http://worker:8083',
      HEADRACE_USER: 'name:password',
      HEADRACE_CACERT: 'ca.pem',
      HEADRACE_: 'x',
      CONNECT_GROUP_ID: undefined,
    }),
    {},
  )
})

test('an empty value is kept and overrides the file', () => {
  assert.deepEqual(settingsOf({ CONNECT_PLUGIN_PATH: '' }), { 'plugin.path': '' })
})
