const BRAND = Symbol.for('headrace.error')

interface Outcome {
  /** Worth another try with the same input. */
  readonly retriable: boolean
  /** Status of the REST answer when a request ends with it. */
  readonly http: number
  /** Class that Kafka Connect reports for the same failure; shown in traces and dead-letter headers. */
  readonly javaClass: string
  readonly doc: string
}

/** The only list of codes. Traces, REST answers and docs/reference/errors.md are made from it. */
export const errorCodes = {
  HR_CONFIG_INVALID: {
    retriable: false,
    http: 400,
    javaClass: 'org.apache.kafka.common.config.ConfigException',
    doc: 'A setting is missing or has a wrong value.',
  },
  HR_BAD_REQUEST: {
    retriable: false,
    http: 400,
    javaClass: 'org.apache.kafka.connect.runtime.rest.errors.BadRequestException',
    doc: 'A request asks for something that cannot be done as asked.',
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
    doc: 'A connector of that name exists.',
  },
  HR_REBALANCING: {
    retriable: true,
    http: 409,
    javaClass: 'org.apache.kafka.connect.runtime.distributed.RebalanceNeededException',
    doc: 'The cluster is about to rebalance; ask again.',
  },
  HR_NOT_LEADER: {
    retriable: true,
    http: 409,
    javaClass: 'org.apache.kafka.connect.runtime.distributed.NotLeaderException',
    doc: 'Another worker has to answer; it is asked on behalf of the client.',
  },
  HR_FORBIDDEN: {
    retriable: false,
    http: 403,
    javaClass: 'org.apache.kafka.connect.runtime.rest.errors.ConnectRestException',
    doc: 'The worker does not allow this, or a request among workers is not signed as it should be.',
  },
  HR_NOT_READY: {
    retriable: true,
    http: 503,
    javaClass: 'org.apache.kafka.connect.runtime.rest.errors.ConnectRestException',
    doc: 'The worker is still starting; ask again.',
  },
  HR_REQUEST_TIMEOUT: {
    retriable: true,
    http: 500,
    javaClass: 'org.apache.kafka.connect.errors.ConnectException',
    doc: 'The worker did not answer in time.',
  },
  HR_CONNECT: {
    retriable: false,
    http: 500,
    javaClass: 'org.apache.kafka.connect.errors.ConnectException',
    doc: 'A connector, task or the worker itself failed; the message says how.',
  },
  HR_GROUP_NOT_EMPTY: {
    retriable: true,
    http: 500,
    javaClass: 'org.apache.kafka.connect.errors.ConnectException',
    doc: "Consumers of a sink connector have not left its group yet, so that the group's offsets cannot be changed.",
  },
  HR_TOO_MANY_TASKS: {
    retriable: false,
    http: 500,
    javaClass: 'org.apache.kafka.connect.runtime.TooManyTasksException',
    doc: 'A connector made settings for more tasks than tasks.max allows.',
  },
  HR_DATA_INVALID: {
    retriable: false,
    http: 500,
    javaClass: 'org.apache.kafka.connect.errors.DataException',
    doc: 'A record has not the shape that a step needs.',
  },
  HR_SCHEMA_INVALID: {
    retriable: false,
    http: 500,
    javaClass: 'org.apache.kafka.connect.errors.SchemaBuilderException',
    doc: 'A schema cannot be built as asked.',
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
    doc: 'A step was given something it cannot take.',
  },
  HR_ILLEGAL_STATE: {
    retriable: false,
    http: 500,
    javaClass: 'java.lang.IllegalStateException',
    doc: 'Something was asked for at a time when it cannot be done.',
  },
  HR_UNSUPPORTED: {
    retriable: false,
    http: 500,
    javaClass: 'java.lang.UnsupportedOperationException',
    doc: 'The connector or worker does not offer this.',
  },
  HR_RECORD_TOO_LARGE: {
    retriable: false,
    http: 500,
    javaClass: 'org.apache.kafka.common.errors.RecordTooLargeException',
    doc: 'One record is larger than a limit allows.',
  },
  HR_RETRIABLE: {
    retriable: true,
    http: 503,
    javaClass: 'org.apache.kafka.connect.errors.RetriableException',
    doc: 'A step failed in a way that another try may mend.',
  },
  HR_KAFKA_UNAVAILABLE: {
    retriable: true,
    http: 503,
    javaClass: 'org.apache.kafka.common.errors.TimeoutException',
    doc: 'No broker answered in time.',
  },
  HR_KAFKA_REFUSED: {
    retriable: false,
    http: 500,
    javaClass: 'org.apache.kafka.common.KafkaException',
    doc: 'A broker answered with an error that another try does not mend.',
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
    doc: 'A newer producer with the same transactional id took over.',
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
    doc: 'The task process ended, stopped answering or passed its memory limit.',
  },
} as const satisfies Record<string, Outcome>

/** One of the codes of {@link errorCodes}. */
export type ErrorCode = keyof typeof errorCodes

/** What an error may carry beside its code and message. */
export interface ConnectErrorOptions {
  readonly cause?: unknown
  /** The setting at fault, by its dotted name. */
  readonly configKey?: string
  /** Java class to report where it is narrower than the one of the code. */
  readonly javaClass?: string
}

/**
 * Base of every error that Headrace and its plugins throw on purpose.
 *
 * Match on `code`, or use {@link isConnectError}; never `instanceof`: a plugin may carry its own
 * copy of this package, and two copies are two classes.
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

/** By brand, so that errors of another copy of this package count, too. */
export function isConnectError(error: unknown): error is ConnectError {
  return typeof error === 'object' && error !== null && BRAND in error
}

/** True for an error that says of itself that another try may mend it. */
export function isRetriable(error: unknown): boolean {
  return isConnectError(error) && error.retriable
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
