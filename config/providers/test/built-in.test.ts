import assert from 'node:assert/strict'
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { ConfigProvider, Props } from '../../../api/index.ts'
import { parseConfig } from '../../definition/index.ts'
import { builtInProviders, directoryProvider, environmentProvider, fileProvider } from '../built-in.ts'
import { openProviders } from '../open.ts'

const open = (provider: ConfigProvider, props: Props = {}) =>
  provider.open(parseConfig(provider.config, props))

async function secrets(t: TestContext): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'headrace-')))
  t.after(() => rm(folder, { recursive: true }))
  await mkdir(join(folder, 'inside'))
  await writeFile(join(folder, 'inside', 'user'), 'me')
  await writeFile(join(folder, 'inside', 'login.properties'), 'user=me\npassword=p\\u00e4ss')
  await writeFile(join(folder, 'outside.properties'), 'user=other')
  await symlink(join(folder, 'outside.properties'), join(folder, 'inside', 'link.properties'))
  return folder
}

test('the file provider returns values of a property file', async (t) => {
  const folder = await secrets(t)
  const path = join(folder, 'inside', 'login.properties')
  const instance = open(fileProvider)

  assert.deepEqual((await instance.get(path, new Set(['password', 'none']))).data, { password: 'päss' })
  assert.deepEqual((await instance.get(path, undefined)).data, { user: 'me', password: 'päss' })
  await assert.rejects(instance.get(join(folder, 'absent'), undefined), { code: 'HR_CONFIG_INVALID' })
})

test('the directory provider returns the contents of files', async (t) => {
  const folder = await secrets(t)
  const { data } = await open(directoryProvider).get(join(folder, 'inside'), new Set(['user', 'none']))

  assert.deepEqual({ ...data }, { user: 'me' })
})

test('providers read nothing outside allowed.paths, not even through links', async (t) => {
  const folder = await secrets(t)
  const allowed = { 'allowed.paths': join(folder, 'inside') }
  const files = open(fileProvider, allowed)
  const read = async (...path: string[]) =>
    Object.keys((await files.get(join(folder, ...path), undefined)).data)

  assert.deepEqual(await read('inside', 'login.properties'), ['user', 'password'])
  assert.deepEqual(await read('outside.properties'), [])
  assert.deepEqual(await read('inside', '..', 'outside.properties'), [])
  assert.deepEqual(await read('inside', 'link.properties'), [])
  assert.deepEqual({ ...(await open(directoryProvider, allowed).get(folder, undefined)).data }, {})
})

test('a directory whose name starts with that of an allowed one is not allowed', async (t) => {
  const folder = await secrets(t)
  await mkdir(join(folder, 'inside too'))
  await writeFile(join(folder, 'inside too', 'user'), 'other')
  const provider = open(directoryProvider, { 'allowed.paths': join(folder, 'inside') })

  assert.deepEqual({ ...(await provider.get(join(folder, 'inside too'), undefined)).data }, {})
})

test('the environment provider returns the variables that match its pattern', async (t) => {
  process.env['HEADRACE_TEST_A'] = 'a'
  process.env['HEADRACE_OTHER'] = 'o'
  t.after(() => {
    delete process.env['HEADRACE_TEST_A']
    delete process.env['HEADRACE_OTHER']
  })
  const wanted = new Set(['HEADRACE_TEST_A', 'HEADRACE_OTHER'])
  const all = await open(environmentProvider).get('', wanted)
  const some = await open(environmentProvider, { 'allowlist.pattern': 'HEADRACE_TEST_.*' }).get('', wanted)

  assert.deepEqual(all.data, { HEADRACE_TEST_A: 'a', HEADRACE_OTHER: 'o' })
  assert.deepEqual(some.data, { HEADRACE_TEST_A: 'a' })
})

const find = (name: string) =>
  builtInProviders.find((provider) => provider.name === name) as ConfigProvider | undefined

test('openProviders opens providers with the names and settings of the worker', async () => {
  const providers = openProviders(
    {
      'config.providers': 'env, file',
      'config.providers.env.class': environmentProvider.name,
      'config.providers.env.param.allowlist.pattern': 'nothing',
      'config.providers.file.class': fileProvider.name,
    },
    find,
  )

  assert.deepEqual([...providers.keys()], ['env', 'file'])
  assert.deepEqual((await providers.get('env')?.get('', undefined))?.data, {})
})

test('openProviders throws for an unknown provider class', () => {
  const props = { 'config.providers': 'vault', 'config.providers.vault.class': 'org.example.Vault' }

  assert.throws(() => openProviders(props, find), {
    code: 'HR_CONFIG_INVALID',
    configKey: 'config.providers.vault.class',
    message:
      'Invalid value org.example.Vault for configuration config.providers.vault.class: no such config provider',
  })
})

test('the directory provider returns no values for a missing directory or a file, as in Java', async (t) => {
  const folder = await secrets(t)
  const instance = open(directoryProvider)

  assert.deepEqual((await instance.get(join(folder, 'absent'), new Set(['user']))).data, {})
  assert.deepEqual((await instance.get(join(folder, 'outside.properties'), new Set(['user']))).data, {})
  const bounded = open(directoryProvider, { 'allowed.paths': folder })
  assert.deepEqual((await bounded.get(join(folder, 'absent', 'deeper'), new Set(['user']))).data, {})
})

test('the environment provider rejects a path', async () => {
  await assert.rejects(open(environmentProvider).get('x', new Set(['PATH'])), {
    message: "Path is not supported for EnvVarConfigProvider, invalid value 'x'",
  })
})

test('providers throw for a file that is not UTF-8', async (t) => {
  const folder = await secrets(t)
  await writeFile(join(folder, 'inside', 'user'), Buffer.from('caf\u00e9', 'latin1'))

  await assert.rejects(
    open(fileProvider).get(join(folder, 'inside', 'user'), undefined),
    /Could not read properties/,
  )
  await assert.rejects(
    open(directoryProvider).get(join(folder, 'inside'), new Set(['user'])),
    /Could not read file user/,
  )
})
