import type { Props } from '../../../../api/index.ts'
import type { Readable } from '../../../pipeline/index.ts'

/** A key, value or header value of a sample. `text` contains plain text, JSON or base64-encoded bytes. */
export type SamplePart = { readonly kind: 'text' | 'json' | 'base64'; readonly text: string } | null

/** A record supplied by the user: for a sink as stored in Kafka, for a source as returned by a poll. */
export interface Sample {
  readonly topic?: string
  readonly partition?: number
  readonly offset?: number
  /** Milliseconds since the epoch. */
  readonly timestamp?: number
  readonly key: SamplePart
  readonly value: SamplePart
  /** Sources only: a schema in JsonConverter's format, as JSON text. */
  readonly keySchema?: string
  readonly valueSchema?: string
  readonly headers: readonly { readonly key: string; readonly value: SamplePart }[]
}

/** A request for a preview. */
export interface PreviewRequest {
  /** As submitted; the task process resolves variables. */
  readonly config: Props
  /** When undefined, the next records of the connector's topics or source are read. */
  readonly samples: readonly Sample[] | undefined
  /** Maximum number of records to read. */
  readonly count: number
  readonly timeoutMs: number
}

/** A record, or the available parts of one, for display. */
export interface RecordView {
  readonly topic: string
  readonly partition: number | null
  /** Sinks only. */
  readonly offset?: number
  readonly timestamp: number | null
  readonly key: Readable
  readonly key_schema: Readable
  readonly value: Readable
  readonly value_schema: Readable
  readonly headers: readonly { readonly key: string; readonly value: Readable; readonly schema: Readable }[]
  /** Sources only. */
  readonly source_partition?: Readable
  readonly source_offset?: Readable
}

export interface ErrorView {
  readonly stage: string
  /** The plugin that failed. */
  readonly class: string
  readonly message: string
  readonly trace: string
}

/** One step in the processing of a record, and the record after it. */
export interface StepView {
  /** `consumed` or `polled`, `converters`, or `transforms.<name>`. */
  readonly step: string
  readonly class?: string
  /** `not-for-it`: the predicate excludes the record; `dropped`: the step drops it. */
  readonly outcome: 'applied' | 'not-for-it' | 'dropped' | 'failed'
  readonly record?: RecordView
  readonly error?: ErrorView
}

export interface RecordPreview {
  /** The outcome with `errors.tolerance=none`. */
  readonly outcome: 'delivered' | 'dropped' | 'failed'
  readonly steps: readonly StepView[]
}

export interface Preview {
  readonly class: string
  readonly type: 'source' | 'sink'
  readonly records: readonly RecordPreview[]
  /** Whether records were left out because of the size or time limit. */
  readonly truncated: boolean
}
