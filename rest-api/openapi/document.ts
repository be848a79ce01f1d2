import { headraceVersion } from '../../api/index.ts'
import { errorBody, namedSchemas } from './named-schemas.ts'

/** A route, as far as the description of the API speaks of it. */
export interface DescribedRoute {
  readonly method: string
  /** As Fastify has it: `/connectors/:connector`. */
  readonly url: string
  readonly schema: RouteSchema
}

/** What routes say of themselves. */
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
  ['/headrace', 'Beyond Kafka Connect'],
]

const description =
  'The REST API of Kafka Connect 4.3, and what Headrace has beyond it. Requests that only the leader of a cluster can ' +
  'answer are passed on to it. A 409 or 503 with Retry-After asks to come again.'

/** The OpenAPI 3.1 description of routes. `secured`: requests have to show a user and password. */
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
  200: 'Done',
  201: 'Created',
  202: 'Accepted',
  204: 'Done; there is nothing to say',
  500: 'The worker does not work as it should',
  503: 'The worker is not ready',
}

function responsesOf(response: unknown): Json {
  const known = Object.entries((response ?? { 200: undefined }) as Record<string, unknown>)
  const answers = known.map(([status, schema]) => [status, responseOf(status, schema)] as const)
  return {
    ...Object.fromEntries(answers),
    default: { description: 'What was wrong, and where', content: jsonContent(errorBody) },
  }
}

function responseOf(status: string, schema: unknown): Json {
  const location =
    status === '201'
      ? { headers: { Location: { description: 'URL of it', schema: { type: 'string' } } } }
      : {}
  const isEmpty = schema === undefined || (schema as Json)['type'] === 'void'
  return {
    description: statusTexts[status] ?? 'Answer',
    ...location,
    ...(isEmpty ? {} : { content: jsonContent(schema) }),
  }
}

const jsonContent = (schema: unknown): Json => ({ 'application/json': { schema: referred(schema) } })

/** A schema that has a name is referred to by it. */
function referred(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const name = namedSchemas.get(value)
  return name === undefined ? contentOf(value) : { $ref: `#/components/schemas/${name}` }
}

/** A map of anything is written in the way that all generators of clients know. */
function contentOf(value: object): unknown {
  if (Array.isArray(value)) return value.map(referred)
  const entries = Object.entries(value).map(([key, item]) => {
    if (key !== 'patternProperties') return [key, referred(item)] as const
    return ['additionalProperties', referred(Object.values(item as Json)[0])] as const
  })
  return Object.fromEntries(entries)
}
