/** What a task tells its host. */
export interface TaskEvents {
  running(): void
  paused(): void
}

/** Wraps every call of a plugin's code, so that the host knows whose code is running. */
export interface PluginCalls {
  run<T>(call: () => T | Promise<T>): Promise<T>
}
