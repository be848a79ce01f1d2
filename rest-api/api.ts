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

/** A server whose routes have their types from their TypeBox schemas. */
export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

/** What routes work with. */
export interface RouteParts {
  readonly herder: Herder
  readonly config: WorkerConfig
  /** Hides passwords in answers. */
  readonly mask: ConfigMask
  /** How other workers are reached. */
  readonly peers: Peers
  readonly log: Logger
}

/** Adds a group of routes. */
export type Routes = (api: Api, parts: RouteParts) => void

declare module 'fastify' {
  interface FastifySchema {
    /** Not for clients: left out of the description of the API. */
    readonly hide?: boolean
    readonly summary?: string
    /** Name of the method that clients get for it. */
    readonly operationId?: string
  }
}
