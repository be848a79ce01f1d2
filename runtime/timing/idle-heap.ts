import { getHeapStatistics } from 'node:v8'

const CHECK_MS = 10_000
/** Share of a core below which the process counts as idle. A collection then delays hardly anything. */
const IDLE_SHARE = 0.05
/** A heap has grown if it is larger by this share, and at least by these bytes: collecting a large one takes longer. */
const GROWTH_SHARE = 1 / 8
const GROWTH_BYTES = 4 * 1024 * 1024

export interface HeapProbe {
  /** CPU time of the process so far, in microseconds. */
  cpuMicros(): number
  /** Size of the heap, including its free parts, in bytes. */
  heapBytes(): number
  /**
   * Collects all garbage, and returns what is free to the system. Rejects if the process cannot do that: Node.js may be built
   * without the inspector, or not allow its use.
   */
  collect(): Promise<void>
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
  #collecting = false

  constructor(probe: HeapProbe = engine, checkMs = CHECK_MS) {
    this.#probe = probe
    this.#checkMs = checkMs
    this.#cpuMicros = probe.cpuMicros()
  }

  /** Checks regularly, without keeping the process alive. */
  watch(): void {
    setInterval(() => void this.check(), this.#checkMs).unref()
  }

  /** Collects if the process has been idle since the last check and the heap has grown since the last collection. */
  async check(): Promise<void> {
    const before = this.#cpuMicros
    this.#cpuMicros = this.#probe.cpuMicros()
    const share = (this.#cpuMicros - before) / (this.#checkMs * 1000)
    if (this.#collecting || share > IDLE_SHARE || !this.#hasGrown) return
    this.#collecting = true
    try {
      await this.#probe.collect()
    } catch {
      return // `#collecting` stays set: another attempt would fail as well
    }
    this.#collecting = false
    this.#collectedBytes = this.#probe.heapBytes()
    this.#cpuMicros = this.#probe.cpuMicros()
  }

  get #hasGrown(): boolean {
    const growth = Math.max(this.#collectedBytes * GROWTH_SHARE, GROWTH_BYTES)
    return this.#probe.heapBytes() >= this.#collectedBytes + growth
  }
}

/** Collects through a session of the inspector, which opens no port. Other ways do not reduce the young generation at once. */
const engine: HeapProbe = {
  cpuMicros() {
    const { user, system } = process.cpuUsage()
    return user + system
  },
  heapBytes: () => getHeapStatistics().total_heap_size,
  async collect() {
    const { Session } = await import('node:inspector')
    const session = new Session()
    session.connect()
    try {
      await new Promise<void>((resolve) => {
        session.post('HeapProfiler.collectGarbage', () => resolve())
      })
      // To end the session in the callback of its request would block the process
      await new Promise(setImmediate)
    } finally {
      session.disconnect()
    }
  },
}
