import { headraceVersion } from '../../api/index.ts'
import { errorBody, namedSchemas } from './named-schemas.ts'

/** A route to include in the OpenAPI document. */
export interface DescribedRoute {
  readonly method: string
  /** In Fastify's syntax: `/connectors/:connector`. */
  readonly url: string
  readonly schema: RouteSchema
}

/** The documented properties of a route. */
export interface RouteSchema {
  readonly summary?: string
  readonly operationId?: string
  readonly hide?: boolean
  readonly params?: unknown
  readonly querystring?: unknown
  readonly body?: unknown
  readonly response?: unknown
}

type Json = Readonly<Record<string, unknown>>

const tags: readonly (readonly [prefix: string, tag: string])[] = [
  ['/connector-plugins', 'Plugins'],
  ['/connectors', 'Connectors'],
  ['/admin', 'Loggers'],
  ['/headrace', 'Headrace only'],
]

const description =
  'The REST API of Kafka Connect 4.3 and the additional routes of Headrace. Workers forward requests that only the ' +
  'leader of the cluster can handle. Retry a request after a 409 or 503 response with Retry-After.'

/** Returns the OpenAPI 3.1 document of the routes. `secured`: requests need basic authentication. */
export function openApiDocument(routes: readonly DescribedRoute[], secured: boolean): Json {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    if (route.schema.hide === true) continue
    const path = route.url.replace(/:(\w+)/g, '{$1}')
    const item = (paths[path] ??= {})
    item[route.method.toLowerCase()] = operationOf(route)
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Headrace', version: headraceVersion, description, license: { name: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    ...(secured ? { security: [{ basic: [] }] } : {}),
    paths,
    components: {
      schemas: Object.fromEntries([...namedSchemas].map(([schema, name]) => [name, contentOf(schema)])),
      ...(secured ? { securitySchemes: { basic: { type: 'http', scheme: 'basic' } } } : {}),
    },
  }
}

function operationOf({ method, url, schema }: DescribedRoute): Json {
  const { summary, operationId, params, querystring, body } = schema
  const parameters = [...parametersOf(params, 'path'), ...parametersOf(querystring, 'query')]
  return {
    operationId:
      operationId ??
      `${method.toLowerCase()}${url.replace(/\W+(\w)/g, (_all, letter: string) => letter.toUpperCase())}`,
    summary,
    tags: [tags.find(([prefix]) => url.startsWith(prefix))?.[1] ?? 'Worker'],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: jsonContent(body) } }),
    responses: responsesOf(schema.response),
  }
}

function parametersOf(schema: unknown, place: 'path' | 'query'): Json[] {
  const { properties = {}, required = [] } = (schema ?? {}) as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, property]) => {
    const { 'description': text, 'x-parameter': shown, ...plain } = property
    return {
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      ...(text === undefined ? {} : { description: text }),
      schema: shown ?? plain,
    }
  })
}

const statusTexts: Readonly<Record<string, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No content',
  500: 'The worker is unhealthy',
  503: 'The worker is not ready',
}

function responsesOf(response: unknown): Json {
  const known = Object.entries((response ?? { 200: undefined }) as Record<string, unknown>)
  const answers = known.map(([status, schema]) => [status, responseOf(status, schema)] as const)
  return {
    ...Object.fromEntries(answers),
    default: { description: 'Error', content: jsonContent(errorBody) },
  }
}

function responseOf(status: string, schema: unknown): Json {
  const location =
    status === '201'
      ? { headers: { Location: { description: 'URL of the connector', schema: { type: 'string' } } } }
      : {}
  const isEmpty = schema === undefined || (schema as Json)['type'] === 'void'
  return {
    description: statusTexts[status] ?? 'Response',
    ...location,
    ...(isEmpty ? {} : { content: jsonContent(schema) }),
  }
}

const jsonContent = (schema: unknown): Json => ({ 'application/json': { schema: referred(schema) } })

/** Replaces a named schema with a reference. */
function referred(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const name = namedSchemas.get(value)
  return name === undefined ? contentOf(value) : { $ref: `#/components/schemas/${name}` }
}

/** Replaces `patternProperties` with `additionalProperties`, which all client generators support. */
function contentOf(value: object): unknown {
  if (Array.isArray(value)) return value.map(referred)
  const entries = Object.entries(value).map(([key, item]) => {
    if (key !== 'patternProperties') return [key, referred(item)] as const
    return ['additionalProperties', referred(Object.values(item as Json)[0])] as const
  })
  return Object.fromEntries(entries)
}
