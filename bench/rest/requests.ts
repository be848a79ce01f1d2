import type { Request } from 'autocannon'

/** A kind of request, measured separately on its own connections. */
export interface Kind {
  readonly title: string
  readonly connections: number
  /** Requests per second, over all connections. */
  readonly rate: number
  /** Each connection sends these in turn. */
  readonly requests: readonly Request[]
}

type Configs = ReadonlyMap<string, Readonly<Record<string, string>>>

const headers = { 'content-type': 'application/json' }

const collections = [
  '/',
  '/connectors',
  '/connectors?expand=status&expand=info',
  '/connector-plugins',
  '/connector-plugins/FileStreamSource/config',
  '/admin/loggers',
]
const parts = ['', '/config', '/status', '/tasks', '/tasks/0/status', '/topics', '/offsets']

const gets = (title: string, paths: readonly string[]): Kind => ({
  title: `GET ${title}`,
  connections: 4,
  rate: 20,
  requests: paths.map((path) => ({ method: 'GET', path })),
})

/**
 * Returns a mix of 300 requests per second over 64 connections: GETs of all kinds for the connectors in `moving`, PUTs
 * of their unchanged configurations, and pauses and resumes of the connectors in `idle`.
 */
export function mixOf(moving: Configs, idle: readonly string[]): Kind[] {
  const names = [...moving.keys()]
  return [
    ...collections.map((path) => gets(path, [path])),
    ...parts.map((part) =>
      gets(
        `/connectors/X${part}`,
        names.map((name) => `/connectors/${name}${part}`),
      ),
    ),
    {
      title: 'PUT /connectors/X/config, unchanged',
      connections: 6,
      rate: 20,
      requests: [...moving].map(([name, config]) => ({
        method: 'PUT',
        path: `/connectors/${name}/config`,
        headers,
        body: JSON.stringify(config),
      })),
    },
    {
      title: 'PUT /connectors/X/pause and resume',
      connections: 6,
      rate: 20,
      requests: idle.flatMap((name) =>
        ['pause', 'resume'].map((verb): Request => ({ method: 'PUT', path: `/connectors/${name}/${verb}` })),
      ),
    },
  ]
}
