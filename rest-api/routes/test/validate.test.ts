import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { fastify } from 'fastify'
import type { Herder } from '../../../runtime/index.ts'
import type { RouteParts } from '../../api.ts'
import { pluginRoutes } from '../plugins.ts'
import { validateRoutes } from '../validate.ts'

const described = { examples: ['a', 'b'], deprecated: 'topics', since: '1.2.0' }
const key = {
  name: 'topic',
  type: 'STRING',
  required: true,
  default_value: null,
  importance: 'HIGH',
  documentation: 'Topic.',
  group: null,
  width: 'NONE',
  display_name: 'topic',
  dependents: [],
  order_in_group: -1,
}
const value = { name: 'topic', value: 't', recommended_values: [], errors: [], visible: true }
const infos = {
  name: 'Lines',
  error_count: 0,
  groups: [],
  configs: [{ definition: { ...key, ...described }, value }],
}

/** Sends a request to the routes of a herder that has one setting with examples. */
async function send(method: 'GET' | 'PUT', url: string): Promise<Record<string, unknown>> {
  const api = fastify({
    ajv: { customOptions: { keywords: ['x-parameter'] } },
    // Like the server: response schemas omit no property
    schemaController: { compilersFactory: { buildSerializer: () => () => (body) => JSON.stringify(body) } },
  }).withTypeProvider<TypeBoxTypeProvider>()
  const herder = {
    validate: async () => infos,
    pluginConfig: async () => [{ ...key, ...described }],
  } as unknown as Herder
  const mask = { restored: async (_name: string, props: object) => props }
  const parts = { herder, mask } as unknown as RouteParts
  validateRoutes(api, parts)
  pluginRoutes(api, parts)
  const response = await api.inject({ method, url, ...(method === 'PUT' ? { payload: { topic: 't' } } : {}) })
  return response.json()
}

test('examples, deprecation and version of a setting are in the response of /headrace/validate', async () => {
  const { configs, warnings } = await send('PUT', '/headrace/validate')

  assert.deepEqual(configs, [{ definition: { ...key, ...described }, value }])
  assert.deepEqual(warnings, [{ name: 'topic', message: 'Deprecated: use topics instead' }])
})

test("the responses of Kafka Connect's own routes have only its properties", async () => {
  const validated = await send('PUT', '/connector-plugins/Lines/config/validate')
  const keys = await send('GET', '/connector-plugins/Lines/config')

  assert.deepEqual(validated, { ...infos, configs: [{ definition: key, value }] })
  assert.deepEqual(keys, [key])
})
