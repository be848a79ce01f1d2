import type { Target } from '../ports.ts'

/** A data stream for each topic: `logs-orders-eu`. */
export interface DataStreamOptions {
  /** `data.stream.type` in lower case: `logs` or `metrics` */
  readonly type: string
  /** `data.stream.dataset` */
  readonly dataset: string
  /** `data.stream.namespace`; `${topic}` stands for the topic in lower case. */
  readonly namespace: string
}

/** Existing resources that the connector never creates. */
export interface ExternalResourceOptions {
  /** `external.resource.usage` */
  readonly kind: Target['kind']
  /** `topic.to.external.resource.mapping`: the resource of each topic. */
  readonly resourceOf: ReadonlyMap<string, string>
}

/** The settings that targets depend on. At most one of them is not null. */
export interface TargetOptions {
  readonly external: ExternalResourceOptions | null
  readonly dataStream: DataStreamOptions | null
  /** `headrace.index.name`, such as `${topic}-${timestamp:yyyy.MM.dd}`; null for Java's names. */
  readonly indexName: string | null
}
