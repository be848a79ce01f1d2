import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Longer than the 5 s over which the engine measures how much is allocated. */
const CHECK_MS = 10_000
/** Share of a core below which the process counts as idle. A collection then delays hardly anything. */
const IDLE_SHARE = 0.05
const GROWTH_BYTES = 16 * 1024 * 1024

export interface HeapProbe {
  /** CPU time of the process so far, in microseconds. */
  cpuMicros(): number
  /** Size of the heap, including its free parts, in bytes. */
  heapBytes(): number
  /** Collects all garbage. */
  collect(): void
}

/**
 * Returns memory to the system when the process is idle.
 *
 * While tasks start or move many records, the young generation grows, in a task process up to 64 MB, and many
 * connectors that are created at a time leave garbage in the process of the worker. The engine frees both only in a full
 * collection, which an idle process would reach after hours.
 */
export class IdleHeap {
  readonly #probe: HeapProbe
  readonly #checkMs: number
  #cpuMicros: number
  /** Size after the last collection. */
  #collectedBytes = 0
  /** Whether the last collection is to be followed by another one. */
  #again = false

  constructor(probe: HeapProbe = engine, checkMs = CHECK_MS) {
    this.#probe = probe
    this.#checkMs = checkMs
    this.#cpuMicros = probe.cpuMicros()
  }

  /** Checks regularly, without keeping the process alive. */
  watch(): void {
    setInterval(() => this.check(), this.#checkMs).unref()
  }

  /**
   * Collects if the process has been idle since the last check and the heap has grown since the last collection; then
   * once more, since the engine reduces the young generation only if little was allocated since a collection.
   */
  check(): void {
    const before = this.#cpuMicros
    this.#cpuMicros = this.#probe.cpuMicros()
    const share = (this.#cpuMicros - before) / (this.#checkMs * 1000)
    const hasGrown = this.#probe.heapBytes() >= this.#collectedBytes + GROWTH_BYTES
    if (share > IDLE_SHARE || !(hasGrown || this.#again)) return
    this.#probe.collect()
    this.#again = hasGrown
    this.#collectedBytes = this.#probe.heapBytes()
  }
}

const engine: HeapProbe = {
  cpuMicros() {
    const { user, system } = process.cpuUsage()
    return user + system
  },
  heapBytes: () => getHeapStatistics().total_heap_size,
  collect() {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    setFlagsFromString('--no-expose-gc') // no context of a plugin gets it
    collect()
  },
}
