import type { Api } from '../api.ts'
import type { DescribedRoute } from './document.ts'

/**
 * Describes all routes that are added from now on, at `/openapi.json` and for people at `/docs`.
 *
 * The description is made when it is first asked for: workers start without it.
 */
export function describeApi(api: Api, secured: boolean): void {
  const routes: DescribedRoute[] = []
  api.addHook('onRoute', ({ url, method, schema }) => {
    for (const name of [method].flat()) {
      if (name === 'HEAD' || schema === undefined) continue
      routes.push({ method: name, url, schema })
    }
  })
  const document = async () => (await import('./document.ts')).openApiDocument(routes, secured)

  api.get('/openapi.json', { schema: { summary: 'This description', hide: true } }, document)

  api.get(
    '/docs',
    { config: { media: 'text/html' }, schema: { summary: 'This description, for people', hide: true } },
    async (_request, reply) => {
      const { docsPage } = await import('./page.ts')
      return reply.type('text/html; charset=utf-8').send(docsPage(await document()))
    },
  )
}
