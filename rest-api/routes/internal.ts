import type { FastifyRequest } from 'fastify'
import { ConnectError, type TaskProps } from '../../api/index.ts'
import { inTime, isSignatureAlgorithm, type RequestSignature } from '../../runtime/index.ts'
import type { Routes } from '../api.ts'
import { MistakenRequest } from '../errors.ts'
import { readJsonBody } from '../http/bodies.ts'
import { connectorParams } from '../schemas/parameters.ts'

/** Larger than `rest.request.max.bytes`, since a request contains the settings of all tasks of a connector. */
const MAX_TASKS_BYTES = 64 * 1024 * 1024
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/** Routes for signed requests between the workers of a cluster. Source: InternalClusterResource. */
export const internalRoutes: Routes = (api, { herder }) => {
  api.post(
    '/connectors/:connector/tasks',
    {
      config: { body: 'bytes' },
      bodyLimit: MAX_TASKS_BYTES,
      schema: { summary: 'Internal: store task settings', hide: true, params: connectorParams },
    },
    async (request, reply) => {
      const configs = taskConfigs(request)
      const { connector } = request.params
      await inTime(herder, herder.putTaskConfigs(connector, configs, signatureOf(request)))
      return reply.code(204).send()
    },
  )

  api.put(
    '/connectors/:connector/fence',
    {
      config: { body: 'bytes' },
      schema: { summary: 'Internal: fence older tasks', hide: true, params: connectorParams },
    },
    async (request, reply) => {
      await inTime(herder, herder.fence(request.params.connector, signatureOf(request)))
      return reply.code(204).send()
    },
  )
}

const bytesOf = ({ rawBody }: Pick<FastifyRequest, 'rawBody'>): Buffer => rawBody ?? Buffer.alloc(0)

const isSettings = (item: unknown): boolean =>
  typeof item === 'object' && item !== null && Object.values(item).every((text) => typeof text === 'string')

/** Throws a {@link MistakenRequest} unless the body is an array of task settings. */
function taskConfigs(request: Pick<FastifyRequest, 'rawBody'>): TaskProps[] {
  const value = readJsonBody(bytesOf(request).toString('utf8'), 'texts') ?? []
  if (Array.isArray(value) && value.every(isSettings)) return value as TaskProps[]
  throw new MistakenRequest('Cannot deserialize value of the body: expected an array of task settings')
}

/** Returns undefined for a request without a signature. Throws `HR_BAD_REQUEST` for a malformed signature. */
function signatureOf(request: Pick<FastifyRequest, 'headers' | 'rawBody'>): RequestSignature | undefined {
  const { 'x-connect-authorization': encoded, 'x-connect-request-signature-algorithm': algorithm } =
    request.headers
  if (typeof encoded !== 'string' || typeof algorithm !== 'string') return undefined
  if (!isSignatureAlgorithm(algorithm)) {
    throw new ConnectError('HR_BAD_REQUEST', `Algorithm ${algorithm} not available`)
  }
  if (!BASE64.test(encoded)) {
    throw new ConnectError('HR_BAD_REQUEST', 'The request signature is not valid base64')
  }
  return { algorithm, bytes: Buffer.from(encoded, 'base64'), body: bytesOf(request) }
}
