import type { FastifyInstance, FastifyRequest, FastifySchemaValidationError } from 'fastify'
import { JsonNumber, JsonSyntaxError, parseJson, placeOf } from '../../java/index.ts'
import { MistakenRequest, resourceError, routingError, type HttpError } from '../errors.ts'
import { isOpenType } from './media-types.ts'

/**
 * How to parse the request bodies of a route. `texts`: JSON whose numbers and booleans become strings as written, since
 * settings are strings. `values`: JSON. `bytes`: the route parses the body itself.
 */
export type BodyKind = 'texts' | 'values' | 'bytes'

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly body?: BodyKind
    /** Whether the route itself rejects a missing body, after it has checked that the resource exists. */
    readonly looksFirst?: boolean
    /** Media type of the response, if not JSON. */
    readonly media?: string
    /** Whether the route ignores the media types in the headers. */
    readonly anyRequest?: boolean
  }
  interface FastifyRequest {
    /** The unparsed body; undefined if the request has none. */
    rawBody: Buffer | undefined
  }
}

/**
 * Parses request bodies as JSON for routes with a body schema; other routes ignore the body.
 *
 * Throws a {@link MistakenRequest} for a malformed body.
 */
export function readBodies(app: FastifyInstance): void {
  app.decorateRequest('rawBody', undefined)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, bytes, done) =>
    done(null, bytes),
  )
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (request, bytes, done) =>
    takesAnyBody(request) ? done(null, bytes) : done(typeFault(request)),
  )
  app.addHook('preValidation', async (request) => {
    const { config, schema } = request.routeOptions
    if (Buffer.isBuffer(request.body)) request.rawBody = request.body
    if (config.body === 'bytes') request.body ??= Buffer.alloc(0)
    else if (schema?.body !== undefined) request.body = jsonBody(request, config.body ?? 'texts')
  })
  app.setSchemaErrorFormatter((errors) => new MistakenRequest(shapeFault(errors)))
}

/** Whether the route accepts a body of any type, or ignores it. */
function takesAnyBody({ headers, is404, routeOptions: { config, schema } }: FastifyRequest): boolean {
  if (is404 || config.body === 'bytes') return true
  return isOpenType(headers['content-type']) && schema?.body === undefined
}

/** A request without a type reaches its resource in the Java worker, which then rejects the body. */
function typeFault({ headers }: FastifyRequest): HttpError {
  return isOpenType(headers['content-type']) ? resourceError(415) : routingError(415)
}

/** Parses a JSON body. Throws a {@link MistakenRequest} with the problem, line and column. */
export function readJsonBody(text: string, kind: 'texts' | 'values'): unknown {
  try {
    const value = parseJson(text, { whole: 'proper', numbersAsWritten: kind === 'texts' })
    return kind === 'texts' && typeof value === 'object' ? withTexts(value) : value
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error
    throw new MistakenRequest(syntaxFault(error, text), { cause: error })
  }
}

function jsonBody({ body, routeOptions }: FastifyRequest, kind: 'texts' | 'values'): unknown {
  const text = Buffer.isBuffer(body) ? body.toString('utf8').replace(/^\ufeff/, '') : ''
  const isEmpty = text.trim() === ''
  const value = isEmpty ? null : readJsonBody(text, kind)
  if (value === null && routeOptions.config.looksFirst !== true) throw isEmpty ? noBody() : nullBody()
  return value
}

export function noBody(): MistakenRequest {
  return new MistakenRequest('The request has no body; expected JSON')
}

const nullBody = (): MistakenRequest =>
  new MistakenRequest('The body of the request is null; expected a JSON object or array')

/** A bare number stays a number, so that it is rejected as a number and not as settings. */
function withTexts(value: object | null): unknown {
  return value instanceof JsonNumber ? Number(value.text) : asTexts(value)
}

function asTexts(value: unknown): unknown {
  if (value instanceof JsonNumber) return value.text
  if (typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return value.map(asTexts)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, item]) => [key, asTexts(item)] as const)
  return Object.fromEntries(entries)
}

const MAX_TOKEN = 64

/** Returns the message of a syntax error; for an unknown token it is that of Jackson, which clients compare. */
function syntaxFault({ at, message }: JsonSyntaxError, text: string): string {
  const { line, column } = placeOf(text, at)
  const place = `line: ${line}, column: ${column}`
  const token = /^[A-Za-z_$][\w$]*/.exec(text.slice(at, at + MAX_TOKEN))?.[0]
  if (token === undefined) return `${message} (${place})`
  const expected = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
  const source = 'Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)'
  return `Unrecognized token '${token}': was expecting ${expected}\n at [${source}; ${place}]`
}

/**
 * Whether Jackson would report a missing constructor: it needs one to convert any scalar to an object of a class, or a
 * string to a map.
 */
function isNotConstructed(error: FastifySchemaValidationError & Found): boolean {
  const data = dataOf(error)
  if (typeof data === 'string') return true
  return error.parentSchema?.properties !== undefined && typeof data !== 'object'
}

const dataOf = (error: object): unknown => (error as Found).data

/** Additional properties of Ajv errors in `verbose` mode. */
interface Found {
  readonly data?: unknown
  readonly parentSchema?: { readonly properties?: unknown }
}

/** Returns a message that starts like Jackson's, since clients distinguish errors by it. */
function shapeFault(errors: readonly FastifySchemaValidationError[]): string {
  const error = errors[0]
  const path = error?.instancePath.slice(1).replaceAll('/', '.') ?? ''
  const where = path === '' ? 'the body' : `"${path}"`
  if (error?.keyword === 'additionalProperties') {
    const field = String(error.params['additionalProperty'])
    return `Unrecognized field "${field}" in ${where}`
  }
  const expected = error?.message ?? 'unexpected value'
  if (error?.params['type'] === 'object' && isNotConstructed(error)) {
    if (dataOf(error) === '') return `Cannot coerce empty String ("") to ${where}: ${expected}`
    return `Cannot construct instance of ${where}: ${expected}`
  }
  return `Cannot deserialize value of ${where}: ${expected}`
}
