import type { IncomingMessage, ServerResponse } from 'node:http'
import { compileJavaRegex } from '../../java/index.ts'

const MAX_AGE_SECONDS = 60
const DEFAULT_METHODS = 'GET,POST,HEAD'

/**
 * Creates a handler that adds CORS headers for `access.control.allow.*`; returns undefined if no origin is allowed.
 *
 * Origins are case-insensitive Java regular expressions. Source: Jetty's CrossOriginHandler.
 */
export function crossOrigin(
  origins: string,
  methods: string,
): ((request: IncomingMessage, response: ServerResponse) => void) | undefined {
  if (origins.trim() === '') return undefined
  const list = origins.split(',')
  const patterns = list.filter((origin) => origin !== '*').map((origin) => compileJavaRegex(`(?i)${origin}`))
  const isAllowed = (origin: string) =>
    list.includes('*') || patterns.some((pattern) => pattern.matches(origin))
  const allowedMethods = (methods.trim() === '' ? DEFAULT_METHODS : methods).split(',').join(', ')
  return (request, response) => {
    response.setHeader('vary', 'Origin')
    const { origin } = request.headers
    if (origin === undefined || !isAllowed(origin)) return
    response.setHeader('access-control-allow-origin', origin)
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return
    response.setHeader('access-control-max-age', String(MAX_AGE_SECONDS))
    response.setHeader('access-control-allow-methods', allowedMethods)
    response.setHeader('access-control-allow-headers', 'Content-Type')
  }
}
