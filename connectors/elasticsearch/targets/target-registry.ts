import { ConnectError, type Logger, type SinkRecord } from '../../../api/index.ts'
import { inferMapping } from '../mappings/index.ts'
import type { SearchServer, ServerRequest, ServerResponse, Target, Targets } from '../ports.ts'
import type { Wording } from '../wording.ts'
import { failureOf, requestError } from './server-failure.ts'

/** What {@link openTargets} needs. */
export interface TargetsOptions {
  readonly server: SearchServer
  readonly logger: Logger
  /** `schema.ignore`: mappings are left to the server. */
  readonly schemaIgnore: boolean
  /** `topic.schema.ignore` */
  readonly schemaIgnoreTopics: ReadonlySet<string>
  /** Index templates that the connector creates; null if it leaves them to others. */
  readonly template: StreamTemplate | null
  readonly wording: Wording
}

/** The index templates of the data streams that the connector creates. */
export interface StreamTemplate {
  nameOf(target: Target): string
  /** The field with the timestamp of documents. */
  readonly timestampField: string
}

/** Above the templates that servers bring for names like logs-*-*. Source: OpenSearchClient of Aiven's connector. */
const TEMPLATE_PRIORITY = 200

/** Names with a date or a field can be any number. */
const MOST_KNOWN = 10_000

/**
 * Creates the object that prepares targets.
 *
 * A target is created if it is missing, except for external resources. If it then has no mapping, it gets one that is
 * inferred from the schema of the first record; later schemas are left to the server's dynamic mapping. Both are checked once
 * per target. Records with a null value need no mapping.
 *
 * Source: ElasticsearchSinkTask.ensureIndexExists, checkMapping. Differs: an alias with a mapping is recognised as such; the
 * first record may be a tombstone, which fails a Java task.
 */
export function openTargets(options: TargetsOptions): Targets {
  return new TargetRegistry(options)
}

class TargetRegistry implements Targets {
  readonly #options: TargetsOptions
  /** By name: whether the mapping has been checked, too. */
  readonly #known = new Map<string, boolean>()

  constructor(options: TargetsOptions) {
    this.#options = options
  }

  isReady({ name }: Target, record: SinkRecord): boolean {
    const mapped = this.#known.get(name)
    return mapped === true || (mapped === false && !this.#needsMapping(record))
  }

  /**
   * Rejects with `HR_RETRIABLE` for temporary failures and blocks, with `HR_DATA_INVALID` if there is no mapping and the
   * value can never be a document, and otherwise with `HR_CONNECT`, also if there is no schema to infer a mapping from.
   */
  async prepare(target: Target, record: SinkRecord, signal: AbortSignal): Promise<void> {
    const send: Send = (request) => this.#options.server.request(request, signal)
    if (!this.#known.has(target.name)) {
      await this.#ensureExists(target, send)
      this.#remember(target, false)
    }
    if (this.#known.get(target.name) !== true && this.#needsMapping(record)) {
      await this.#ensureMapping(target, record, send)
      this.#remember(target, true)
    }
  }

  #needsMapping({ topic, value }: SinkRecord): boolean {
    const { schemaIgnore, schemaIgnoreTopics } = this.#options
    return !schemaIgnore && value !== null && value !== undefined && !schemaIgnoreTopics.has(topic)
  }

  #remember({ name }: Target, mapped: boolean): void {
    if (this.#known.size >= MOST_KNOWN && !this.#known.has(name)) this.#known.clear()
    this.#known.set(name, mapped)
  }

  async #ensureExists(target: Target, send: Send): Promise<void> {
    if (await this.#exists(target, send)) return
    if (!target.create) throw missing(target, this.#options.wording)
    if (target.kind === 'data stream') await this.#ensureTemplate(target, send)
    const created = await send(creation(target))
    if (isSuccess(created)) {
      this.#options.logger.info(`Created the ${label(target)}`)
      return
    }
    if (meanwhileExists(created) && (await this.#exists(target, send))) return
    throw this.#failed(`create the ${label(target)}`, created)
  }

  #exists(target: Target, send: Send): Promise<boolean> {
    return this.#isThere(pathOf(target), `the ${label(target)}`, send)
  }

  async #isThere(path: string, what: string, send: Send): Promise<boolean> {
    const response = await send({ method: 'HEAD', path })
    if (isSuccess(response)) return true
    if (response.status === 404) return false
    throw this.#failed(`check whether ${what} exists`, response)
  }

  /** A data stream can be created only if an index template matches its name. */
  async #ensureTemplate(target: Target, send: Send): Promise<void> {
    const { template } = this.#options
    if (template === null) return
    const name = template.nameOf(target)
    const what = `the index template '${name}'`
    const path = `/_index_template/${encodeURIComponent(name)}`
    if (await this.#isThere(path, what, send)) return
    // Without create, a template that somebody has put meanwhile would be replaced
    const body = templateBody(target, template)
    const created = await send({ method: 'PUT', path, query: { create: 'true' }, body })
    if (isSuccess(created)) this.#options.logger.info(`Created ${what} for the ${label(target)}`)
    else if (!failureOf(created).reason.includes('already exists')) {
      throw this.#failed(`create ${what}`, created)
    }
  }

  async #ensureMapping(target: Target, record: SinkRecord, send: Send): Promise<void> {
    if (await this.#hasMapping(target, send)) return
    const body = mappingFor(target, record)
    const response = await send({ method: 'PUT', path: `${pathOf(target)}/_mapping`, body })
    if (isSuccess(response)) {
      this.#options.logger.info(
        `Put a mapping, inferred from the schema of the first record, to the ${label(target)}`,
      )
      return
    }
    // Another task may have been faster, with another schema
    if (response.status === 400 && (await this.#hasMapping(target, send))) return
    throw this.#forgotten(target, `put a mapping to the ${label(target)}`, response)
  }

  async #hasMapping(target: Target, send: Send): Promise<boolean> {
    const response = await send({ method: 'GET', path: `${pathOf(target)}/_mapping` })
    if (isSuccess(response)) return hasProperties(response.body)
    throw this.#forgotten(target, `read the mapping of the ${label(target)}`, response)
  }

  #failed(what: string, response: ServerResponse): ConnectError {
    return requestError(what, response, this.#options.wording)
  }

  /** A target that has been deleted since it was seen is created again by the next attempt. */
  #forgotten(target: Target, what: string, response: ServerResponse): ConnectError {
    if (response.status !== 404) return this.#failed(what, response)
    this.#known.delete(target.name)
    return new ConnectError('HR_RETRIABLE', `Cannot ${what}: it has been deleted`)
  }
}

type Send = (request: ServerRequest) => Promise<ServerResponse>

const isSuccess = ({ status }: ServerResponse): boolean => status >= 200 && status < 300

const pathOf = ({ name }: Target): string => `/${encodeURIComponent(name)}`

const label = ({ kind, name }: Target): string => `${kind} '${name}'`

const creation = (target: Target): ServerRequest => ({
  method: 'PUT',
  path: target.kind === 'data stream' ? `/_data_stream${pathOf(target)}` : pathOf(target),
})

/** Another task created the target, or an alias of its name, after it was found missing. */
function meanwhileExists(response: ServerResponse): boolean {
  const { type, reason } = failureOf(response)
  return type === 'resource_already_exists_exception' || reason.includes('already exists')
}

const templateBody = ({ name }: Target, { timestampField }: StreamTemplate): string =>
  JSON.stringify({
    index_patterns: [name],
    priority: TEMPLATE_PRIORITY,
    data_stream: { timestamp_field: { name: timestampField } },
  })

function mappingFor(target: Target, { topic, valueSchema }: SinkRecord): string {
  if (valueSchema === null) {
    const remedy = 'set schema.ignore=true to leave mappings to the server, or use a converter with schemas'
    const message = `The ${label(target)} has no mapping, and values of the topic '${topic}' have no schema to infer one from; ${remedy}`
    throw new ConnectError('HR_CONNECT', message, {
      javaClass: 'org.apache.kafka.connect.errors.DataException',
    })
  }
  const mapping = inferMapping(valueSchema)
  if (mapping.startsWith('{"properties":')) return mapping
  const found = valueSchema.type.toUpperCase()
  const message = `Values of the topic '${topic}' are of type ${found}, but a document must be a STRUCT or MAP`
  throw new ConnectError('HR_DATA_INVALID', message)
}

function missing(target: Target, { resourceMapping }: Wording): ConnectError {
  const message = `The ${label(target)} of ${resourceMapping} does not exist; create it, or change the setting`
  return new ConnectError('HR_CONNECT', message, { configKey: resourceMapping })
}

/** Whether one of the indexes has a mapping: `{"orders":{"mappings":{"properties":{…}}}}`. */
function hasProperties(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false
  return Object.values(body as Record<string, { mappings?: object } | null>).some(
    (index) => Object.keys(index?.mappings ?? {}).length > 0,
  )
}
