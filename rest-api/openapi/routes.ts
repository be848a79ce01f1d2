import type { Api } from '../api.ts'
import type { DescribedRoute } from './document.ts'

/**
 * Serves the OpenAPI document of all routes added after this call at `/openapi.json`, and as HTML at `/docs`.
 *
 * Loads the code for it on the first request, to keep the start of workers fast.
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

  api.get('/openapi.json', { schema: { summary: 'This document', hide: true } }, document)

  api.get(
    '/docs',
    { config: { media: 'text/html' }, schema: { summary: 'This document as HTML', hide: true } },
    async (_request, reply) => {
      const { docsPage } = await import('./page.ts')
      return reply.type('text/html; charset=utf-8').send(docsPage(await document()))
    },
  )
}
