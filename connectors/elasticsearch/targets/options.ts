import type { Target } from '../ports.ts'

/** A data stream for each topic. */
export interface DataStreamOptions {
  /** Returns the name of the data stream for a topic, which need not be a valid one. */
  nameOf(topic: string): string
}

/** Existing resources that the connector never creates. */
export interface ExternalResourceOptions {
  /** `external.resource.usage` */
  readonly kind: Target['kind']
  /** The resource of each topic. */
  readonly resourceOf: ReadonlyMap<string, string>
  /** The setting with them. */
  readonly setting: string
}

/** The settings that targets depend on. At most one of them is not null. */
export interface TargetOptions {
  readonly external: ExternalResourceOptions | null
  readonly dataStream: DataStreamOptions | null
  /** `headrace.index.name`, such as `${topic}-${timestamp:yyyy.MM.dd}`; null for Java's names. */
  readonly indexName: string | null
}
