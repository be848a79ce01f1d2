import type { FastifyInstance } from 'fastify'
import { headerError, routingError } from '../errors.ts'

const JSON_TYPE = 'application/json'
/** The content type that Fastify sets for JSON. */
const WITH_CHARSET = 'application/json; charset=utf-8'
const OPEN_TYPES = new Set(['*/*', 'application/*', '*/json'])
/** Resources of the Java worker that ignore the content type of a request. */
const UNCONCERNED = new Set(['/', '/health'])

const TOKEN = "[\\w!#$%&'*+.^`|~-]+"
const PARAMETERS = `(?:\\s*;\\s*(?:${TOKEN}=(?:${TOKEN}|"(?:[^"\\\\]|\\\\.)*"))?)*`
const MEDIA_TYPE = new RegExp(`^\\s*${TOKEN}/${TOKEN}${PARAMETERS}\\s*$`)
const MEDIA_RANGE = new RegExp(`^\\s*${TOKEN}(?:/${TOKEN})?${PARAMETERS}\\s*$`)
const WEIGHT = /;\s*q=([^;\s]*)/i
const VALID_WEIGHT = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/

/** Whether an `Accept` header allows JSON. Ignores weights, even 0. Source: the Java worker 4.3.1. */
export function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === '') return true
  return rangesOf(accept).some((range) =>
    [JSON_TYPE, 'application/*', 'application', '*/json', '*/*', '*'].includes(range),
  )
}

/** Returns the media ranges of an `Accept` header without their parameters. */
export function rangesOf(accept: string): string[] {
  return accept.split(',').map((part) => (part.split(';', 1)[0] ?? '').trim().toLowerCase())
}

/** Whether a `Content-Type` is well-formed. A malformed one is rejected before routing. */
const isMediaType = (type: string): boolean => MEDIA_TYPE.test(type)

function isAcceptable(accept: string): boolean {
  const parts = accept.split(',')
  const given = parts.at(-1)?.trim() === '' ? parts.slice(0, -1) : parts
  return (
    given.length > 0 &&
    given.every((part) => MEDIA_RANGE.test(part) && VALID_WEIGHT.test(WEIGHT.exec(part)?.[1] ?? '1'))
  )
}

/** Whether a `Content-Type` is missing or a wildcard, which counts as missing. */
export function isOpenType(type: string | undefined): boolean {
  return type === undefined || OPEN_TYPES.has(rangesOf(type)[0] ?? '')
}

/** Rejects requests that do not send or accept JSON, as the Java worker does. */
export function requireJson(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    const { accept, 'content-type': type } = request.headers
    if (type !== undefined && !isMediaType(type)) throw headerError(acceptsJson(accept))
    if (request.is404 || request.method === 'OPTIONS') return
    const { config, url } = request.routeOptions
    if (config.media !== undefined || config.anyRequest === true) return
    const mayBeAny = config.body === 'bytes' || UNCONCERNED.has(url ?? '') || isOpenType(type)
    if (type !== undefined && !mayBeAny && rangesOf(type)[0] !== JSON_TYPE) throw routingError(415)
    if (accept !== undefined && accept.trim() !== '' && !isAcceptable(accept)) {
      throw headerError(acceptsJson(accept))
    }
    if (!acceptsJson(accept)) throw routingError(406)
  })
}

/** Sends the content type of JSON without a charset, as the Java worker does. */
export function plainContentTypes(app: FastifyInstance): void {
  app.decorateReply('isUntyped', false)
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (reply.getHeader('content-type') === WITH_CHARSET) void reply.header('content-type', JSON_TYPE)
    if (reply.isUntyped) void reply.removeHeader('content-type')
    done(null, payload)
  })
}
