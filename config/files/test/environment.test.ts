import assert from 'node:assert/strict'
import { test } from 'node:test'
import { environmentSettings } from '../environment.ts'

const settingsOf = (environment: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries([...environmentSettings(environment).values()].map(({ key, value }) => [key, value]))

test('one underscore is a dot, two are an underscore, three are a dash', () => {
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

test('HEADRACE_ wins over CONNECT_, whatever the order of the variables', () => {
  const settings = environmentSettings({ HEADRACE_GROUP_ID: 'ours', CONNECT_GROUP_ID: 'theirs' })
  assert.deepEqual(settings.get('group.id'), {
    key: 'group.id',
    value: 'ours',
    variable: 'HEADRACE_GROUP_ID',
  })
})

test('other variables, those of the command line, unset ones and bare prefixes are no settings', () => {
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

test('an empty value is kept, so that a setting of the file can be emptied', () => {
  assert.deepEqual(settingsOf({ CONNECT_PLUGIN_PATH: '' }), { 'plugin.path': '' })
})
