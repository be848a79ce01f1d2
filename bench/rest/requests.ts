import type { Request } from 'autocannon'

/** One kind of request, with connections and a rate of its own, so that its times are told apart. */
export interface Kind {
  readonly title: string
  readonly connections: number
  /** Requests a second, over all its connections. */
  readonly rate: number
  /** Sent in turns by each connection. */
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
 * 64 connections that send 300 requests a second: GETs of every kind of the connectors in `moving`, PUTs of the
 * settings that these have already, and pauses and resumes of those in `idle`.
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
