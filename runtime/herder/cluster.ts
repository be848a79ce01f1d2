/** What a worker reports about itself to others. Times are in milliseconds since the epoch. */
export interface OwnFacts {
  /** REST URL. */
  readonly url: string
  /** Version of Headrace. */
  readonly version: string
  /** `name=value` pairs of `headrace.worker.tags`. */
  readonly tags: readonly string[]
  /** The names under which the worker has connectors: class names, short names and aliases. */
  readonly connectors: readonly string[]
  /** Position in the config topic: the offset of the next record to read; -1 before the first. */
  readonly configOffset: number
  /** When the coordinator last renewed the session of the worker. */
  readonly lastContact: number
  /** When the coordinator removes the worker unless there is further contact. */
  readonly sessionEnds: number
}

/** A connector, or one of its tasks. */
export interface ClusterItem {
  readonly connector: string
  /** Null for the connector itself. */
  readonly task: number | null
}

export interface ClusterMember {
  /** REST URL. */
  readonly url: string
  /** Null if the worker does not respond. */
  readonly kind: 'headrace' | 'java' | null
  readonly version: string | null
  readonly tags: readonly string[]
  readonly leads: boolean
  readonly runs: readonly ClusterItem[]
  /**
   * Position in the config topic: now if the worker reports it, else when it last joined. Null during a rebalance of
   * a worker that does not report it.
   */
  readonly configOffset: number | null
  /** Records of the config topic that the worker has not read; null if unknown. */
  readonly configLag: number | null
  /** Null for workers that do not report it. */
  readonly lastContact: number | null
  readonly sessionEnds: number | null
}

/** An item that no worker runs, or that a worker cannot run. */
export interface ClusterProblem extends ClusterItem {
  readonly reason: string
}

export interface UnassignedItem extends ClusterProblem {
  /** When the leader assigns it at the latest, in milliseconds since the epoch; null if that is not scheduled. */
  readonly until: number | null
}

/** The cluster as one worker sees it. */
export interface ClusterView {
  readonly group: string
  /** State of the group at its coordinator: `Stable`, or the phase of a rebalance. */
  readonly state: string
  /** The group protocol in use; null while the group rebalances. */
  readonly protocol: string | null
  /** REST URL of the worker that leads the cluster; null while it is unknown. */
  readonly leader: string | null
  /** REST URL of the worker that answers. */
  readonly seenBy: string
  /** Offset after the last record of the config topic; null if it cannot be read. */
  readonly configEnd: number | null
  readonly members: readonly ClusterMember[]
  readonly unassigned: readonly UnassignedItem[]
  /** Items on workers that lack their class, or the tags of their placement. */
  readonly misplaced: readonly (ClusterProblem & { readonly url: string })[]
  /** What this worker does not know, and what has no effect, in sentences. */
  readonly notes: readonly string[]
}

/** The cluster of a distributed worker. */
export interface ClusterQueries {
  self(): OwnFacts
  /**
   * Asks the coordinator of the group and each worker. `headers` are sent to the workers. Throws
   * `HR_KAFKA_UNAVAILABLE` or `HR_KAFKA_REFUSED` if the group cannot be described.
   */
  view(headers?: Readonly<Record<string, string>>): Promise<ClusterView>
}
