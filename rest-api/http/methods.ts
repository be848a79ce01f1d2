import type { FastifyInstance } from 'fastify'
import { routingError } from '../errors.ts'

const known = ['DELETE', 'GET', 'PATCH', 'POST', 'PUT'] as const

/** To be called before routes are added: afterwards a known path answers 405 to methods it has not, and OPTIONS. */
export function answerOtherMethods(app: FastifyInstance): () => void {
  const methods = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    const here = methods.get(url) ?? new Set<string>()
    methods.set(url, here)
    for (const name of [method].flat()) here.add(name)
  })
  return () => {
    for (const [url, present] of new Map(methods)) {
      const missing = known.filter((method) => !present.has(method))
      const allowed = [...present, 'OPTIONS'].toSorted().join(', ')
      app.route({
        method: [...missing],
        url,
        handler: () => {
          throw routingError(405)
        },
      })
      app.route({
        method: 'OPTIONS',
        url,
        handler: (_request, reply) => reply.header('allow', allowed).type('application/json').send(''),
      })
    }
  }
}
