import { fastify } from 'fastify'
import type { RequestListener } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { Logger } from '../api/index.ts'
import type { Herder } from '../runtime/index.ts'
import type { Api, RouteParts } from './api.ts'
import { readBodies } from './bodies.ts'
import { errorHandler, routingError } from './errors.ts'
import { requireJsonAnswers } from './media-types.ts'
import { answerOtherMethods } from './methods.ts'
import { routablePath } from './paths.ts'
import { connectorRoutes } from './routes/connectors.ts'
import { lifecycleRoutes } from './routes/lifecycle.ts'
import { pluginRoutes } from './routes/plugins.ts'
import { progressRoutes } from './routes/progress.ts'
import { taskRoutes } from './routes/tasks.ts'
import { workerRoutes } from './routes/worker.ts'

const MAX_NAME_LENGTH = 16_384

/** The REST API of Kafka Connect over a herder, as a listener for any HTTP server. Source: RestServer (spec/rest-api). */
export async function createRestApi(herder: Herder, log: Logger): Promise<RequestListener> {
  const api: Api = fastify({
    routerOptions: { maxParamLength: MAX_NAME_LENGTH },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } },
  }).withTypeProvider<TypeBoxTypeProvider>()
  api.setErrorHandler(errorHandler(log))
  api.setNotFoundHandler(() => {
    throw routingError(404)
  })
  // Bodies are what the routes make them; compiled serializers would cost start-up time for nothing
  api.setSerializerCompiler(() => (body) => JSON.stringify(body))
  requireJsonAnswers(api)
  readBodies(api)
  const answerTheRest = answerOtherMethods(api)
  const parts: RouteParts = { herder, log }
  for (const add of [
    workerRoutes,
    connectorRoutes,
    lifecycleRoutes,
    taskRoutes,
    pluginRoutes,
    progressRoutes,
  ]) {
    add(api, parts)
  }
  answerTheRest()
  await api.ready()
  return (request, response) => {
    const path = routablePath(request.url ?? '/')
    if (path === undefined) {
      response.writeHead(400, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ error_code: 400, message: 'Ambiguous URI path' }))
      return
    }
    request.url = path
    api.routing(request, response)
  }
}
