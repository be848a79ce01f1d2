import type { Logger, Props } from '../../api/index.ts'
import type { KafkaClient } from './connection/client.ts'

/** Opens a client; see `openClient`. */
export type OpenClient = (props: Props, log: Logger) => Promise<KafkaClient>

interface CachedClient {
  readonly client: Promise<KafkaClient>
  users: number
  idle: NodeJS.Timeout | undefined
}

const IDLE_MS = 10_000

/** Caches open clients for {@link IDLE_MS} after their last use, for calls with the same settings. */
export class ClientCache {
  readonly #openClient: OpenClient
  readonly #idleMs: number
  readonly #clients = new Map<string, CachedClient>()

  constructor(openClient: OpenClient, idleMs = IDLE_MS) {
    this.#openClient = openClient
    this.#idleMs = idleMs
  }

  /** Calls `work` with a client for these settings. Throws the errors of opening the client and of `work`. */
  async use<T>(props: Props, log: Logger, work: (client: KafkaClient) => Promise<T>): Promise<T> {
    const key = JSON.stringify(Object.entries(props).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    const cached = this.#clients.get(key) ?? this.#open(key, props, log)
    clearTimeout(cached.idle)
    cached.users++
    let good = false
    try {
      const result = await work(await cached.client)
      good = true
      return result
    } finally {
      cached.users--
      // The failure may be due to the state of the client, so the next caller gets a new one
      if (!good) this.#forget(key, cached)
      if (cached.users === 0) this.#closeLater(key, cached)
    }
  }

  #open(key: string, props: Props, log: Logger): CachedClient {
    const cached: CachedClient = { client: this.#openClient(props, log), users: 0, idle: undefined }
    this.#clients.set(key, cached)
    return cached
  }

  #closeLater(key: string, cached: CachedClient): void {
    if (this.#clients.get(key) !== cached) return void close(cached)
    cached.idle = setTimeout(() => {
      this.#forget(key, cached)
      void close(cached)
    }, this.#idleMs).unref()
  }

  #forget(key: string, cached: CachedClient): void {
    if (this.#clients.get(key) === cached) this.#clients.delete(key)
  }
}

async function close({ client }: CachedClient): Promise<void> {
  await client.then((opened) => opened.close()).catch(() => {}) // `use` reports a failed open
}
