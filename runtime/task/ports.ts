/** What a task tells its host. */
export interface TaskEvents {
  running(): void
  paused(): void
}

/** Wraps every call of a plugin's code, so that the host knows whose code is running. */
export interface PluginCalls {
  run<T>(call: () => T | Promise<T>): Promise<T>
}

/** When offsets are committed: `offset.flush.interval.ms` and `offset.flush.timeout.ms` of the worker. */
export interface CommitSettings {
  readonly flushIntervalMs: number
  readonly flushTimeoutMs: number
}
