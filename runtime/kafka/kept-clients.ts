import type { Logger, Props } from '../../api/index.ts'
import type { KafkaClient } from './connection/client.ts'

/** Opens a client; see `openClient`. */
export type OpenClient = (props: Props, log: Logger) => Promise<KafkaClient>

interface Kept {
  readonly client: Promise<KafkaClient>
  users: number
  idle: NodeJS.Timeout | undefined
}

const IDLE_MS = 10_000

/** Caches open clients for {@link IDLE_MS} after their last use, for calls with the same settings. */
export class KeptClients {
  readonly #openClient: OpenClient
  readonly #idleMs: number
  readonly #clients = new Map<string, Kept>()

  constructor(openClient: OpenClient, idleMs = IDLE_MS) {
    this.#openClient = openClient
    this.#idleMs = idleMs
  }

  /** Calls `work` with a client for these settings. Throws the errors of opening the client and of `work`. */
  async use<T>(props: Props, log: Logger, work: (client: KafkaClient) => Promise<T>): Promise<T> {
    const key = JSON.stringify(Object.entries(props).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    const kept = this.#clients.get(key) ?? this.#open(key, props, log)
    clearTimeout(kept.idle)
    kept.users++
    let good = false
    try {
      const result = await work(await kept.client)
      good = true
      return result
    } finally {
      kept.users--
      // The failure may be due to the state of the client, so the next caller gets a new one
      if (!good) this.#forget(key, kept)
      if (kept.users === 0) this.#closeLater(key, kept)
    }
  }

  #open(key: string, props: Props, log: Logger): Kept {
    const kept: Kept = { client: this.#openClient(props, log), users: 0, idle: undefined }
    this.#clients.set(key, kept)
    return kept
  }

  #closeLater(key: string, kept: Kept): void {
    if (this.#clients.get(key) !== kept) return void close(kept)
    kept.idle = setTimeout(() => {
      this.#forget(key, kept)
      void close(kept)
    }, this.#idleMs).unref()
  }

  #forget(key: string, kept: Kept): void {
    if (this.#clients.get(key) === kept) this.#clients.delete(key)
  }
}

async function close({ client }: Kept): Promise<void> {
  await client.then((opened) => opened.close()).catch(() => {}) // `use` reports a failed open
}
