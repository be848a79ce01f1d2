import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from 'typebox'
import { ConnectorState } from '../../schemas/connector.ts'
import { connectorParams, flagParam } from '../../schemas/parameters.ts'
import { openApiDocument } from '../document.ts'
import { docsPage } from '../page.ts'

const route = {
  method: 'POST',
  url: '/connectors/:connector/restart',
  schema: {
    operationId: 'restartConnector',
    summary: 'Restart <it>',
    params: connectorParams,
    querystring: Type.Object({ onlyFailed: flagParam('Whether') }),
    response: { 202: ConnectorState, 204: Type.Void() },
  },
}

test('an operation contains parameters, responses and references to named schemas', () => {
  const document = openApiDocument([route, { ...route, url: '/x', schema: { hide: true } }], false)
  const { paths } = document as { paths: Record<string, Record<string, unknown>> }

  assert.deepEqual(Object.keys(paths), ['/connectors/{connector}/restart'])
  const operation: unknown = paths['/connectors/{connector}/restart']?.['post']
  const { parameters, responses } = operation as {
    parameters: { name: string; in: string; schema: unknown }[]
    responses: Record<string, { content?: Record<string, { schema: unknown }> }>
  }
  assert.deepEqual(
    parameters.map(({ name, in: place, schema }) => [name, place, schema]),
    [
      ['connector', 'path', { type: 'string' }],
      ['onlyFailed', 'query', { type: 'boolean', default: false }],
    ],
  )
  assert.deepEqual(responses['202']?.content?.['application/json']?.schema, {
    $ref: '#/components/schemas/ConnectorState',
  })
  assert.equal(responses['204']?.content, undefined)
})

test('each reference resolves to a schema', () => {
  const document = openApiDocument([route], true) as { components: { schemas: Record<string, unknown> } }
  const text = JSON.stringify(document)
  const names = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name = '']) => name)

  assert.ok(names.length > 0)
  for (const name of names) assert.ok(Object.hasOwn(document.components.schemas, name), name)
})

test('the HTML page escapes texts', () => {
  assert.match(docsPage(openApiDocument([route], false)), /Restart &lt;it&gt;/)
})

test('each link of the HTML page leads to an open section', () => {
  const page = docsPage(openApiDocument([route], false))
  const targets = [...page.matchAll(/href="#(\w+)"/g)].map(([, name]) => name)
  assert.ok(targets.includes('ConnectorState'))
  for (const name of targets) assert.ok(page.includes(`<details open id="${name}">`), name)
})
