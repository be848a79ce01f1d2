import type { Props } from '../../api/index.ts'
import type { Readable } from '../pipeline/index.ts'

/** A key, value or header value of a sample. `json` is the text of JSON; `base64` stands for bytes. */
export type SamplePart = { readonly kind: 'text' | 'json' | 'base64'; readonly text: string } | null

/** A record that a user made up: of a sink as it lies in Kafka, of a source as it is polled. */
export interface Sample {
  readonly topic?: string
  readonly partition?: number
  readonly offset?: number
  /** Milliseconds since the epoch. */
  readonly timestamp?: number
  readonly key: SamplePart
  readonly value: SamplePart
  /** Of sources: a schema as JsonConverter writes it, as the text of JSON. */
  readonly keySchema?: string
  readonly valueSchema?: string
  readonly headers: readonly { readonly key: string; readonly value: SamplePart }[]
}

/** What to preview. */
export interface PreviewRequest {
  /** As submitted: variables are resolved in the task process. */
  readonly config: Props
  /** Undefined: the next records of the connector's topics or source are read. */
  readonly samples: readonly Sample[] | undefined
  /** Most records to read. */
  readonly count: number
  readonly timeoutMs: number
}

/** A record, or what there is of it, for people to read. */
export interface RecordView {
  readonly topic: string
  readonly partition: number | null
  /** Of sinks. */
  readonly offset?: number
  readonly timestamp: number | null
  readonly key: Readable
  readonly key_schema: Readable
  readonly value: Readable
  readonly value_schema: Readable
  readonly headers: readonly { readonly key: string; readonly value: Readable; readonly schema: Readable }[]
  /** Of sources. */
  readonly source_partition?: Readable
  readonly source_offset?: Readable
}

export interface ErrorView {
  readonly stage: string
  /** Plugin that failed. */
  readonly class: string
  readonly message: string
  readonly trace: string
}

/** One step of a record's way, and what it was like after it. */
export interface StepView {
  /** `consumed` or `polled`, `converters`, or `transforms.<name>`. */
  readonly step: string
  readonly class?: string
  /** `applied`; `not-for-it`: the predicate says so; `dropped`: by the step; `failed`. */
  readonly outcome: 'applied' | 'not-for-it' | 'dropped' | 'failed'
  readonly record?: RecordView
  readonly error?: ErrorView
}

export interface RecordPreview {
  /** What becomes of it with `errors.tolerance=none`. */
  readonly outcome: 'delivered' | 'dropped' | 'failed'
  readonly steps: readonly StepView[]
}

export interface Preview {
  readonly class: string
  readonly type: 'source' | 'sink'
  readonly records: readonly RecordPreview[]
  /** There were more records than the answer may hold. */
  readonly truncated: boolean
}
