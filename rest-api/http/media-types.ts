import type { FastifyInstance } from 'fastify'
import { routingError } from '../errors.ts'

const JSON_TYPE = 'application/json'
/** What Fastify makes of it when it writes an answer. */
const WITH_CHARSET = 'application/json; charset=utf-8'
/** Resources of the Java worker that do not care what a request says its body is. */
const UNCONCERNED = new Set(['/', '/health'])

/** Whether an `Accept` header allows JSON. Weights do not matter, not even 0. Source: the Java worker 4.3.1. */
export function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === '') return true
  return rangesOf(accept).some((range) => [JSON_TYPE, 'application/*', '*/*', '*'].includes(range))
}

/** The media ranges of an `Accept` header, without their parameters. */
export function rangesOf(accept: string): string[] {
  return accept.split(',').map((part) => (part.split(';', 1)[0] ?? '').trim().toLowerCase())
}

/** Refuses requests for anything but JSON, and with anything but JSON, as the Java worker does. */
export function requireJson(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    if (request.is404 || request.method === 'OPTIONS') return
    const { config, url } = request.routeOptions
    if (config.media !== undefined || config.anyRequest === true) return
    const type = request.headers['content-type']
    const mayBeAny = config.body === 'bytes' || UNCONCERNED.has(url ?? '')
    if (type !== undefined && !mayBeAny && rangesOf(type)[0] !== JSON_TYPE) throw routingError(415)
    if (!acceptsJson(request.headers.accept)) throw routingError(406)
  })
}

/** Names the type of JSON as the Java worker does, without a charset. */
export function plainContentTypes(app: FastifyInstance): void {
  app.decorateReply('isUntyped', false)
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (reply.getHeader('content-type') === WITH_CHARSET) void reply.header('content-type', JSON_TYPE)
    if (reply.isUntyped) void reply.removeHeader('content-type')
    done(null, payload)
  })
}
