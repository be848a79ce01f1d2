import { within } from '../../timing/index.ts'
import type { GroupSettings } from './ports.ts'

/** Time to read a response that has already arrived. */
const SOCKET_READ_MS = 100

/** Repeats a call. The interval starts when the previous call has ended. */
export class Heartbeats {
  readonly #intervalMs: number
  readonly #beat: () => Promise<void>
  #timer: NodeJS.Timeout | undefined

  /** `beat` must not reject. */
  constructor(intervalMs: number, beat: () => Promise<void>) {
    this.#intervalMs = intervalMs
    this.#beat = beat
  }

  start(): void {
    this.stop()
    this.#timer = setTimeout(() => void this.#run(), this.#intervalMs)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  async #run(): Promise<void> {
    await this.#beat()
    if (this.#timer !== undefined) this.start()
  }
}

/**
 * Resolves to true when the coordinator has responded to a heartbeat, to false when the session times out first.
 * `sentAt` and `lastContact`, the time of the last session renewal, are in milliseconds since the epoch.
 */
export async function answeredInSession(
  beat: Promise<unknown>,
  sentAt: number,
  lastContact: number,
  { sessionTimeoutMs, heartbeatIntervalMs }: GroupSettings,
): Promise<boolean> {
  const leftMs = lastContact + sessionTimeoutMs - sentAt
  // After the session timed out, the coordinator that was looked up again has the whole time to answer
  const patienceMs = leftMs > 0 ? Math.max(leftMs, heartbeatIntervalMs) : sessionTimeoutMs
  const answer = beat.then(() => true)
  if (await within(patienceMs, answer, () => false)) return true
  // If this process was held up, the response may be in the socket, which is read only after the timers
  return within(SOCKET_READ_MS, answer, () => false)
}
