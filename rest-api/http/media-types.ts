import type { FastifyInstance } from 'fastify'
import { routingError } from '../errors.ts'

/** Whether an `Accept` header allows JSON. */
export function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === '') return true
  return accept.split(',').some((part) => {
    const [range = '', ...params] = part.split(';').map((piece) => piece.trim().toLowerCase())
    const refused = params.some((param) => /^q=0(\.0*)?$/.test(param))
    return !refused && ['application/json', 'application/*', '*/*'].includes(range)
  })
}

/** Refuses requests for anything but JSON, as the Java worker does. */
export function requireJsonAnswers(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    if (request.is404 || request.method === 'OPTIONS') return
    if (request.routeOptions.config.media !== undefined) return
    if (!acceptsJson(request.headers.accept)) throw routingError(406)
  })
}
