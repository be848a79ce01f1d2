import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConfigProviderInstance } from '../../../api/index.ts'
import { hasVariables, resolveVariables } from '../variables.ts'

type Asked = [path: string, keys: string[]]

function provider(data: Readonly<Record<string, string>>, ttlMs?: number) {
  const asked: Asked[] = []
  const instance: ConfigProviderInstance = {
    get: async (path, keys) => {
      asked.push([path, [...(keys ?? [])]])
      return { data, ...(ttlMs === undefined ? {} : { ttlMs }) }
    },
  }
  return { instance, asked }
}

const resolve = async (
  props: Readonly<Record<string, string | null>>,
  providers: Readonly<Record<string, ConfigProviderInstance>>,
) => (await resolveVariables(props, new Map(Object.entries(providers)))).props

test('variables with and without a path are replaced anywhere in a value', async () => {
  const { instance } = provider({ user: 'u', password: 'p' })
  const props = { a: '${p:user}', b: 'x ${p:/some/path:password} y ${p:user}', c: 'plain', d: null }

  assert.deepEqual(await resolve(props, { p: instance }), { a: 'u', b: 'x p y u', c: 'plain', d: null })
})

test('a provider is called once per path', async () => {
  const { instance, asked } = provider({})
  await resolve({ a: '${p:f:x} ${p:f:y}', b: '${p:f:x}', c: '${p:g:x}' }, { p: instance })

  assert.deepEqual(asked, [
    ['f', ['x', 'y']],
    ['g', ['x']],
  ])
})

test('variables with an unknown provider or key are kept', async () => {
  const { instance } = provider({ known: '1' })
  const props = { a: '${other:x}', b: '${p:unknown}', c: '${p:toString}', d: '${no-colon}', e: '${p:known' }

  assert.deepEqual(await resolve(props, { p: instance }), props)
})

test('variables and replacement patterns in a resolved value are not expanded', async () => {
  const { instance } = provider({ x: '${p:y} $& $1', y: 'never' })

  assert.deepEqual(await resolve({ a: '${p:x}' }, { p: instance }), { a: '${p:y} $& $1' })
})

test('ttlMs is the shortest time to live', async () => {
  const providers = new Map([
    ['p', provider({ x: '1' }, 500).instance],
    ['q', provider({ x: '1' }, 50).instance],
    ['r', provider({ x: '1' }).instance],
  ])

  assert.equal((await resolveVariables({ a: '${p:x}${q:x}${r:x}' }, providers)).ttlMs, 50)
  assert.equal((await resolveVariables({ a: '${r:x}' }, providers)).ttlMs, undefined)
})

test('the error of a failed provider names the provider and path', async () => {
  const failing: ConfigProviderInstance = { get: () => Promise.reject(new Error('no such file')) }

  await assert.rejects(resolve({ a: '${p:/f:x}' }, { p: failing }), {
    code: 'HR_CONNECT',
    message: "Config provider p failed on path '/f': no such file",
  })
  const telling: ConfigProviderInstance = { get: () => Promise.reject(new Error('Could not read /f')) }
  await assert.rejects(resolve({ a: '${p:/f:x}' }, { p: telling }), { message: 'Could not read /f' })
})

test('hasVariables detects complete variables only', () => {
  assert.deepEqual(['${p:x}', 'a ${p:f:x} b', '${x}', 'x', '$p:x', '${p:x'].map(hasVariables), [
    true,
    true,
    false,
    false,
    false,
    false,
  ])
})
