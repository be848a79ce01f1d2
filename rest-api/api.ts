import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { Logger } from '../api/index.ts'
import type { WorkerConfig } from '../config/index.ts'
import type { Herder, Peers } from '../runtime/index.ts'
import type { ConfigMask } from './config-mask.ts'

/** A server that infers the types of routes from their TypeBox schemas. */
export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

/** Dependencies of the routes. */
export interface RouteParts {
  readonly herder: Herder
  readonly config: WorkerConfig
  /** Hides passwords in responses. */
  readonly mask: ConfigMask
  /** Sends requests to other workers. */
  readonly peers: Peers
  readonly log: Logger
}

/** Adds a group of routes. */
export type Routes = (api: Api, parts: RouteParts) => void

declare module 'fastify' {
  interface FastifySchema {
    /** Omits the route from the OpenAPI document. */
    readonly hide?: boolean
    readonly summary?: string
    /** Name of the method in generated clients. */
    readonly operationId?: string
  }
}
