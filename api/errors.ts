const BRAND = Symbol.for('headrace.error')

interface Outcome {
  /** Whether to retry with the same input. */
  readonly retriable: boolean
  /** HTTP status of the REST response. */
  readonly http: number
  /** Class that Kafka Connect reports for the same failure, in traces and dead letter headers. */
  readonly javaClass: string
  readonly doc: string
}

/** All error codes. Traces, REST responses and docs/reference/errors.md use this list. */
export const errorCodes = {
  HR_CONFIG_INVALID: {
    retriable: false,
    http: 400,
    javaClass: 'org.apache.kafka.common.config.ConfigException',
    doc: 'A setting is missing or has an invalid value.',
  },
  HR_BAD_REQUEST: {
    retriable: false,
    http: 400,
    javaClass: 'org.apache.kafka.connect.runtime.rest.errors.BadRequestException',
    doc: 'The request is invalid.',
  },
  HR_NOT_FOUND: {
    retriable: false,
    http: 404,
    javaClass: 'org.apache.kafka.connect.errors.NotFoundException',
    doc: 'The connector, task, plugin or logger does not exist.',
  },
  HR_ALREADY_EXISTS: {
    retriable: false,
    http: 409,
    javaClass: 'org.apache.kafka.connect.errors.AlreadyExistsException',
    doc: 'A connector with this name already exists.',
  },
  HR_REBALANCING: {
    retriable: true,
    http: 409,
    javaClass: 'org.apache.kafka.connect.runtime.distributed.RebalanceNeededException',
    doc: 'The cluster is about to rebalance; retry the request.',
  },
  HR_NOT_LEADER: {
    retriable: true,
    http: 409,
    javaClass: 'org.apache.kafka.connect.runtime.distributed.NotLeaderException',
    doc: 'Another worker must handle the request; it is forwarded there.',
  },
  HR_WRITE_FENCED: {
    retriable: true,
    http: 500,
    javaClass: 'org.apache.kafka.connect.errors.ConnectException',
    doc: 'The worker could not write to the config topic as leader; another one may lead the cluster. Retry the request.',
  },
  HR_FORBIDDEN: {
    retriable: false,
    http: 403,
    javaClass: 'org.apache.kafka.connect.runtime.rest.errors.ConnectRestException',
    doc: 'The worker does not allow this operation, or the signature of an internal request is missing or invalid.',
  },
  HR_NOT_READY: {
    retriable: true,
    http: 503,
    javaClass: 'org.apache.kafka.connect.runtime.rest.errors.ConnectRestException',
    doc: 'The worker is still starting; retry the request.',
  },
  HR_REQUEST_TIMEOUT: {
    retriable: true,
    http: 500,
    javaClass: 'org.apache.kafka.connect.errors.ConnectException',
    doc: 'The worker did not respond in time.',
  },
  HR_CONNECT: {
    retriable: false,
    http: 500,
    javaClass: 'org.apache.kafka.connect.errors.ConnectException',
    doc: 'A connector, a task or the worker failed; see the message.',
  },
  HR_GROUP_NOT_EMPTY: {
    retriable: true,
    http: 500,
    javaClass: 'org.apache.kafka.connect.errors.ConnectException',
    doc: 'The offsets of a sink connector cannot be changed, because its consumer group still has members.',
  },
  HR_TOO_MANY_TASKS: {
    retriable: false,
    http: 500,
    javaClass: 'org.apache.kafka.connect.runtime.TooManyTasksException',
    doc: 'A connector generated more task configurations than tasks.max allows.',
  },
  HR_DATA_INVALID: {
    retriable: false,
    http: 500,
    javaClass: 'org.apache.kafka.connect.errors.DataException',
    doc: 'The record does not match what the converter or transform expects.',
  },
  HR_SCHEMA_INVALID: {
    retriable: false,
    http: 500,
    javaClass: 'org.apache.kafka.connect.errors.SchemaBuilderException',
    doc: 'A schema is invalid.',
  },
  HR_PROJECTION_FAILED: {
    retriable: false,
    http: 500,
    javaClass: 'org.apache.kafka.connect.errors.SchemaProjectorException',
    doc: 'A value cannot be projected from one schema to another.',
  },
  HR_ILLEGAL_ARGUMENT: {
    retriable: false,
    http: 500,
    javaClass: 'java.lang.IllegalArgumentException',
    doc: 'An argument is invalid.',
  },
  HR_ILLEGAL_STATE: {
    retriable: false,
    http: 500,
    javaClass: 'java.lang.IllegalStateException',
    doc: 'The operation is not possible in the current state.',
  },
  HR_UNSUPPORTED: {
    retriable: false,
    http: 500,
    javaClass: 'java.lang.UnsupportedOperationException',
    doc: 'The connector or the worker does not support this operation.',
  },
  HR_RECORD_TOO_LARGE: {
    retriable: false,
    http: 500,
    javaClass: 'org.apache.kafka.common.errors.RecordTooLargeException',
    doc: 'A record is larger than the limit.',
  },
  HR_RETRIABLE: {
    retriable: true,
    http: 503,
    javaClass: 'org.apache.kafka.connect.errors.RetriableException',
    doc: 'An operation failed temporarily and may succeed when retried.',
  },
  HR_KAFKA_UNAVAILABLE: {
    retriable: true,
    http: 503,
    javaClass: 'org.apache.kafka.common.errors.TimeoutException',
    doc: 'No broker responded in time.',
  },
  HR_KAFKA_REFUSED: {
    retriable: false,
    http: 500,
    javaClass: 'org.apache.kafka.common.KafkaException',
    doc: 'A broker returned an error that is not retriable.',
  },
  HR_KAFKA_DATA_CORRUPT: {
    retriable: false,
    http: 500,
    javaClass: 'org.apache.kafka.common.errors.CorruptRecordException',
    doc: 'A record batch does not match its checksum or its format.',
  },
  HR_PRODUCER_FENCED: {
    retriable: false,
    http: 500,
    javaClass: 'org.apache.kafka.common.errors.ProducerFencedException',
    doc: 'A newer producer with the same transactional ID has fenced this one.',
  },
  HR_TRANSACTION_EXPIRED: {
    retriable: false,
    http: 500,
    javaClass: 'org.apache.kafka.common.errors.InvalidProducerEpochException',
    doc: 'A broker has aborted a transaction that was open for longer than transaction.timeout.ms.',
  },
  HR_PLUGIN_BROKEN: {
    retriable: false,
    http: 500,
    javaClass: 'org.apache.kafka.connect.errors.ConnectException',
    doc: 'A plugin package cannot be loaded.',
  },
  HR_TASK_PROCESS_LOST: {
    retriable: false,
    http: 500,
    javaClass: 'org.apache.kafka.connect.errors.ConnectException',
    doc: 'The task process exited, stopped responding or exceeded its memory limit.',
  },
} as const satisfies Record<string, Outcome>

/** A code of {@link errorCodes}. */
export type ErrorCode = keyof typeof errorCodes

/** Optional properties of an error. */
export interface ConnectErrorOptions {
  readonly cause?: unknown
  /** The dotted name of the invalid setting. */
  readonly configKey?: string
  /** Java class to report instead of the class of the code. */
  readonly javaClass?: string
}

/**
 * The class of all errors that Headrace and its plugins throw deliberately.
 *
 * Check `code` or use {@link isConnectError}. Do not use `instanceof`: a plugin may bundle its own copy of this
 * package, with a different class.
 */
export class ConnectError extends Error {
  readonly [BRAND] = true
  readonly code: ErrorCode
  readonly configKey: string | undefined
  readonly javaClass: string

  constructor(code: ErrorCode, message: string, options: ConnectErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    this.configKey = options.configKey
    this.javaClass = options.javaClass ?? errorCodes[code].javaClass
  }

  override get name(): string {
    return 'ConnectError'
  }

  get retriable(): boolean {
    return errorCodes[this.code].retriable
  }
}

/** Whether a value is a {@link ConnectError}, including one of another copy of this package. */
export function isConnectError(error: unknown): error is ConnectError {
  return typeof error === 'object' && error !== null && BRAND in error
}

/** Whether an error is a retriable {@link ConnectError}. */
export function isRetriable(error: unknown): boolean {
  return isConnectError(error) && error.retriable
}

/** Returns the message of a thrown value, which need not be an Error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
