import type { FastifyInstance, FastifyRequest, FastifySchemaValidationError } from 'fastify'
import { ConnectError, JsonNumber, parseJson } from '../api/index.ts'

/**
 * Reads bodies as JSON where a route wants one; elsewhere they are not looked at.
 *
 * Numbers and booleans become the text they are written with, since settings are texts. Clients' mistakes are
 * answered with Java's status, 500, and say what is wrong (spec/rest-api 1.1).
 */
export function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) =>
    done(null, text),
  )
  app.addHook('preValidation', async (request) => {
    if (request.routeOptions.schema?.body !== undefined) request.body = jsonBody(request)
  })
  app.setSchemaErrorFormatter((errors) => new ConnectError('HR_CONNECT', shapeFault(errors[0])))
}

function jsonBody({ body }: FastifyRequest): unknown {
  if (typeof body !== 'string' || body.trim() === '') throw new ConnectError('HR_CONNECT', NO_BODY)
  const value = asTexts(parseJson(body.replace(/^\ufeff/, ''), { decimals: 'exact', whole: true }))
  if (value === null) throw new ConnectError('HR_CONNECT', NO_BODY)
  return value
}

const NO_BODY = 'The request has no body; expected a JSON object'

function asTexts(value: unknown): unknown {
  if (value instanceof JsonNumber) return value.text
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value)
  if (Array.isArray(value)) return value.map(asTexts)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, item]) => [key, asTexts(item)] as const)
  return Object.fromEntries(entries)
}

/** Begins as Jackson's texts do, by which clients tell the cases apart. */
function shapeFault(error: FastifySchemaValidationError | undefined): string {
  const path = error?.instancePath.slice(1).replaceAll('/', '.') ?? ''
  const where = path === '' ? 'the body' : `"${path}"`
  if (error?.keyword === 'additionalProperties') {
    const field = String(error.params['additionalProperty'])
    return `Unrecognized field "${field}" in ${where}`
  }
  return `Cannot deserialize value of ${where}: ${error?.message ?? 'it is not as expected'}`
}
