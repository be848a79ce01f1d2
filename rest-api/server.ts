import { fastify } from 'fastify'
import type { RequestListener } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { Logger } from '../api/index.ts'
import type { WorkerConfig } from '../config/index.ts'
import type { Herder, Peers } from '../runtime/index.ts'
import type { Api, RouteParts, Routes } from './api.ts'
import { accessFilter } from './auth/basic-auth.ts'
import { forwarded, replyWith } from './cluster/forwarding.ts'
import { ConfigMask } from './config-mask.ts'
import { routingError, sendError } from './errors.ts'
import { admission } from './http/admission.ts'
import { readBodies } from './http/bodies.ts'
import { crossOrigin } from './http/cross-origin.ts'
import { plainContentTypes, requireJson } from './http/media-types.ts'
import { answerOtherMethods } from './http/methods.ts'
import { locationOf, routablePath } from './http/paths.ts'
import { responseHeaders } from './http/response-headers.ts'
import { describeApi } from './openapi/routes.ts'
import { clusterRoutes } from './routes/cluster.ts'
import { connectorRoutes } from './routes/connectors.ts'
import { doctorRoutes } from './routes/doctor.ts'
import { internalRoutes } from './routes/internal.ts'
import { lifecycleRoutes } from './routes/lifecycle.ts'
import { loggerRoutes } from './routes/loggers.ts'
import { offsetRoutes } from './routes/offsets.ts'
import { pluginRoutes } from './routes/plugins.ts'
import { previewRoutes } from './routes/preview.ts'
import { progressRoutes } from './routes/progress.ts'
import { taskRoutes } from './routes/tasks.ts'
import { topicRoutes } from './routes/topics.ts'
import { validateRoutes } from './routes/validate.ts'
import { workerRoutes } from './routes/worker.ts'

/** Validates requests without changing them. The OpenAPI document uses the keyword `x-parameter`. */
const ajvOptions = {
  coerceTypes: false,
  removeAdditional: false,
  useDefaults: false,
  verbose: true,
} as const
const METHODS = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'])
const MAX_NAME_LENGTH = 16_384
const AMBIGUOUS_PATH = JSON.stringify({ error_code: 400, message: 'Ambiguous URI path' })

export interface RestApiParts {
  readonly herder: Herder
  readonly config: WorkerConfig
  readonly peers: Peers
  readonly log: Logger
}

/** Request listeners of the REST API. */
export interface RestApi {
  readonly main: RequestListener
  /** For `admin.listeners`. */
  readonly admin: RequestListener
}

const mainRoutes: readonly Routes[] = [
  workerRoutes,
  connectorRoutes,
  lifecycleRoutes,
  taskRoutes,
  topicRoutes,
  offsetRoutes,
  pluginRoutes,
  internalRoutes,
  progressRoutes,
  clusterRoutes,
  validateRoutes,
  previewRoutes,
  doctorRoutes,
]

/** Creates the REST API of a herder. Throws `HR_CONFIG_INVALID` for invalid settings. Source: RestServer. */
export async function createRestApi(parts: RestApiParts): Promise<RestApi> {
  const { config } = parts
  const adminHere = config['admin.listeners'] === null
  const main = await createListener(parts, adminHere ? [...mainRoutes, loggerRoutes] : mainRoutes)
  const admin = adminHere ? main : await createListener(parts, [loggerRoutes])
  const allowOrigins = crossOrigin(
    config['access.control.allow.origin'],
    config['access.control.allow.methods'],
  )
  const addHeaders = responseHeaders(config['response.http.headers.config'])
  const refuses = await accessFilter(
    config['rest.extension.classes'],
    config['rest.login.config'],
    process.env,
    parts.log,
  )
  const admits = admission(config['rest.requests.max'])
  return {
    admin: (request, response) => {
      if (admits(request, response)) admin(request, response)
    },
    main: (request, response) => {
      allowOrigins?.(request, response)
      addHeaders?.(response)
      if (refuses?.(request, response) === true || !admits(request, response)) return
      main(request, response)
    },
  }
}

async function createListener(restParts: RestApiParts, groups: readonly Routes[]): Promise<RequestListener> {
  const { config, log, peers } = restParts
  const api: Api = fastify({
    bodyLimit: config['rest.request.max.bytes'],
    routerOptions: { maxParamLength: MAX_NAME_LENGTH },
    ajv: { customOptions: { ...ajvOptions, keywords: ['x-parameter'] } },
    // Routes return complete bodies; compiled serializers would only cost start-up time and memory
    schemaController: { compilersFactory: { buildSerializer: () => () => (body) => JSON.stringify(body) } },
  }).withTypeProvider<TypeBoxTypeProvider>()
  api.setErrorHandler(async (error, request, reply) => {
    try {
      const answer = await forwarded(error, request, peers)
      if (answer === undefined) return sendError(error, request, reply, log)
      const { name } = (answer.body ?? {}) as { name?: string }
      return replyWith(answer, reply, name === undefined ? undefined : locationOf(request, name))
    } catch (failed) {
      return sendError(failed, request, reply, log)
    }
  })
  api.setNotFoundHandler(() => {
    throw routingError(404)
  })
  requireJson(api)
  plainContentTypes(api)
  readBodies(api)
  const answerTheRest = answerOtherMethods(api)
  if (groups.length > 1) describeApi(api, config['rest.extension.classes'].length > 0)
  const mask = new ConfigMask(restParts.herder, config['rest.mask.passwords'])
  const parts: RouteParts = { ...restParts, mask }
  for (const add of groups) add(api, parts)
  answerTheRest()
  await api.ready()
  return (request, response) => {
    const path = routablePath(request.url ?? '/')
    if (path === undefined) {
      response.writeHead(400, { 'content-type': 'application/json', 'content-length': AMBIGUOUS_PATH.length })
      response.end(AMBIGUOUS_PATH)
      return
    }
    request.url = path
    // Unknown methods get the same response as TRACE, which no resource supports
    if (!METHODS.has(request.method ?? '')) request.method = 'TRACE'
    api.routing(request, response)
  }
}
