import type { FastifyInstance } from 'fastify'
import { routingError } from '../errors.ts'
import { rangesOf } from './media-types.ts'

const known = ['DELETE', 'GET', 'PATCH', 'POST', 'PUT', 'TRACE'] as const

/**
 * Call it before adding routes. The returned function, called after, makes each path respond to OPTIONS and respond
 * with 405 to other methods.
 */
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
        config: { anyRequest: true },
        onRequest: refuse,
        handler: refuse,
      })
      app.route({
        method: 'OPTIONS',
        url,
        handler: ({ headers }, reply) => {
          const asText = wantsText(headers.accept)
          void reply.header('allow', allowed).type(asText ? 'text/plain' : 'application/json')
          return reply.send(asText ? allowed : '')
        },
      })
    }
  }
}

async function refuse(): Promise<never> {
  throw routingError(405)
}

/** Whether the first type that the client accepts allows plain text. */
function wantsText(accept = '*/*'): boolean {
  return ['', '*', '*/*', 'text/*', 'text/plain'].includes(rangesOf(accept)[0] ?? '')
}
