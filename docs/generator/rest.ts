import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Api, RouteParts, Routes } from '../../rest-api/api.ts'
import { pathsIn, root } from '../../integration-tests/source-tree.ts'
import { code, page, prose, table } from './markdown.ts'

/** The documented properties of a route. */
interface Route {
  readonly method: string
  readonly url: string
  readonly schema: RouteSchema
}

interface RouteSchema {
  readonly summary?: string
  readonly hide?: boolean
  readonly querystring?: { readonly properties?: Readonly<Record<string, { readonly description?: string }>> }
}

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const

/** The routes of the REST API, from their schemas. */
export async function restPage(): Promise<string> {
  const described = (await readRoutes()).filter(({ schema }) => schema.hide !== true)
  const routes = [...described, ...(await descriptionRoutes())].toSorted((a, b) =>
    a.url < b.url ? -1 : a.url > b.url ? 1 : order(a) - order(b),
  )
  return page(
    'REST API',
    `Bodies, statuses and messages are those of Kafka Connect. The body of an error response is
\`{"error_code", "message"}\`; its status depends on the [error code](errors.md).`,
    '## Kafka Connect',
    routesTable(routes.filter((route) => !isOurs(route) && !isAdmin(route))),
    '## Loggers',
    'Served on `admin.listeners`, if configured.',
    routesTable(routes.filter(isAdmin)),
    '## Headrace only',
    routesTable(routes.filter(isOurs)),
  )
}

const isOurs = ({ url }: Route): boolean => /^\/(?:headrace|openapi\.json$|docs$)/.test(url)
const isAdmin = ({ url }: Route): boolean => url.startsWith('/admin')
const order = ({ method }: Route): number => methods.findIndex((name) => name.toUpperCase() === method)

function routesTable(routes: readonly Route[]): string {
  return table(
    ['Route', 'Description', 'Query'],
    routes.map(({ method, url, schema }) => [
      code(`${method} ${url.replaceAll(/:(\w+)/g, '<$1>')}`),
      prose(schema.summary ?? ''),
      Object.entries(schema.querystring?.properties ?? {})
        .map(([name, { description }]) =>
          description === undefined ? code(name) : `${code(name)}: ${description}`,
        )
        .join('; '),
    ]),
  )
}

/** The routes of the documentation, which do not document themselves. */
async function descriptionRoutes(): Promise<Route[]> {
  const routes: Route[] = []
  const built = pathToFileURL(join(root, 'dist/rest-api/openapi/routes.js')).href
  const { describeApi } = (await import(built)) as { describeApi(api: unknown, secured: boolean): void }
  describeApi({ ...recorderOf(routes), addHook: () => {} }, false)
  return routes
}

/** Groups of routes are added to a server that only records them. */
async function readRoutes(): Promise<Route[]> {
  const paths = (await pathsIn('rest-api/routes')).filter(
    (path) => path.endsWith('.ts') && !path.split('/').includes('test'),
  )
  const routes: Route[] = []
  const recorder = recorderOf(routes)
  for (const path of paths) {
    const built = pathToFileURL(join(root, 'dist', path.replace(/\.ts$/, '.js'))).href
    const module = (await import(built)) as Readonly<Record<string, unknown>>
    for (const [name, add] of Object.entries(module)) {
      if (name.endsWith('Routes')) (add as Routes)(recorder as unknown as Api, {} as RouteParts)
    }
  }
  return routes
}

function recorderOf(routes: Route[]) {
  return Object.fromEntries(
    methods.map((method) => [
      method,
      (url: string, { schema = {} }: { schema?: RouteSchema } = {}) =>
        routes.push({ method: method.toUpperCase(), url, schema }),
    ]),
  )
}
