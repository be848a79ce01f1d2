/** Events that a task reports to its host. */
export interface TaskEvents {
  running(): void
  paused(): void
}

/** Wraps every call into a plugin, so that the host knows which plugin is running. */
export interface PluginCalls {
  run<T>(call: () => T | Promise<T>): Promise<T>
}

/** When to commit offsets: `offset.flush.interval.ms` and `offset.flush.timeout.ms` of the worker. */
export interface CommitSettings {
  readonly flushIntervalMs: number
  readonly flushTimeoutMs: number
}
