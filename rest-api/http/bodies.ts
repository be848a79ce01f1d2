import type { FastifyInstance, FastifyRequest, FastifySchemaValidationError } from 'fastify'
import { JsonNumber, JsonSyntaxError, parseJson, placeOf } from '../../api/index.ts'
import { MistakenRequest, resourceError, routingError, type HttpError } from '../errors.ts'
import { isOpenType } from './media-types.ts'

/**
 * What a route does with the bodies of its requests. `texts`: JSON whose numbers and booleans become the text they
 * are written with, since settings are texts. `values`: JSON with numbers as they are. `bytes`: it reads them itself.
 */
export type BodyKind = 'texts' | 'values' | 'bytes'

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly body?: BodyKind
    /** The route says itself that there is no body, when it knows that what it is about is there. */
    readonly looksFirst?: boolean
    /** What the route answers with, where that is no JSON. */
    readonly media?: string
    /** The route refuses or answers any request alike, whatever types its headers name. */
    readonly anyRequest?: boolean
  }
  interface FastifyRequest {
    /** The body as it came; undefined when there is none. */
    rawBody: Buffer | undefined
  }
}

/**
 * Reads bodies as JSON where a route has a schema for them; elsewhere they are not looked at.
 *
 * A body that cannot be read is a {@link MistakenRequest}.
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

/** A body without a type is refused only where it would be read. */
function takesAnyBody({ headers, is404, routeOptions: { config, schema } }: FastifyRequest): boolean {
  if (is404 || config.body === 'bytes') return true
  return isOpenType(headers['content-type']) && schema?.body === undefined
}

/** Without a type, a request gets to its resource, where the body turns out to be unreadable. */
function typeFault({ headers }: FastifyRequest): HttpError {
  return isOpenType(headers['content-type']) ? resourceError(415) : routingError(415)
}

/** The JSON of a body. Throws a {@link MistakenRequest} that says what is wrong with it and where. */
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
  const value = text.trim() === '' ? null : readJsonBody(text, kind)
  if (value === null && routeOptions.config.looksFirst !== true) throw noBody()
  return value
}

export function noBody(): MistakenRequest {
  return new MistakenRequest('The request has no body; expected JSON')
}

/** A number that is a whole body is no settings, and told as what it is. */
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

/** With the words of Jackson where a token is none, since clients compare them. */
function syntaxFault({ at, message }: JsonSyntaxError, text: string): string {
  const { line, column } = placeOf(text, at)
  const place = `line: ${line}, column: ${column}`
  const token = /^[A-Za-z_$][\w$]*/.exec(text.slice(at, at + MAX_TOKEN))?.[0]
  if (token === undefined) return `${message} (${place})`
  const expected = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
  const source = 'Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)'
  return `Unrecognized token '${token}': was expecting ${expected}\n at [${source}; ${place}]`
}

/** Jackson looks for a constructor: of a class from any scalar, of a map from a text. */
function isNotConstructed(error: FastifySchemaValidationError & Found): boolean {
  const data = dataOf(error)
  if (typeof data === 'string') return true
  return error.parentSchema?.properties !== undefined && typeof data !== 'object'
}

const dataOf = (error: object): unknown => (error as Found).data

/** What Ajv tells when it is `verbose`. */
interface Found {
  readonly data?: unknown
  readonly parentSchema?: { readonly properties?: unknown }
}

/** Begins as Jackson's texts do, by which clients tell the cases apart. */
function shapeFault(errors: readonly FastifySchemaValidationError[]): string {
  const error = errors[0]
  const path = error?.instancePath.slice(1).replaceAll('/', '.') ?? ''
  const where = path === '' ? 'the body' : `"${path}"`
  if (error?.keyword === 'additionalProperties') {
    const field = String(error.params['additionalProperty'])
    return `Unrecognized field "${field}" in ${where}`
  }
  const expected = error?.message ?? 'it is not as expected'
  if (error?.params['type'] === 'object' && isNotConstructed(error)) {
    if (dataOf(error) === '') return `Cannot coerce empty String ("") to ${where}: ${expected}`
    return `Cannot construct instance of ${where}: ${expected}`
  }
  return `Cannot deserialize value of ${where}: ${expected}`
}
